// TimbreStore
