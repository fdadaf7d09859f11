"""Messages of interchange standards in a text: which of their parts are personal data, and which are not."""
