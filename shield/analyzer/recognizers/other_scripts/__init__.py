"""Names, labels and addresses in other writing systems than Latin: Chinese, Cyrillic, Arabic and more."""
