// TimbreIndex
