// TimbreCoding
