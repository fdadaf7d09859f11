"""Identity, tax and bank numbers of many countries, each found by its checksum: most are group `national`."""
