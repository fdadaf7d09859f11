"""The group `national`: identity, tax and bank numbers of many countries, each found by its checksum."""
