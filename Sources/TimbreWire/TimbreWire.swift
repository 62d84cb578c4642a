// TimbreWire
