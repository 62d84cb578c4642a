// TimbreFeatures
