"""National identity, tax and bank numbers of many countries, each by its checksum: the group `national`."""
