// TimbreDaemon
