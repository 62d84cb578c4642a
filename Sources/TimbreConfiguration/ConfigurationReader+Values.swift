import SystemPackage

/// The types of value that the configuration knows, each with what is allowed.
extension ConfigurationReader {
    func bool(_ value: TOMLValue, _ key: Key) throws(ConfigurationError) -> Bool {
        guard let bool = value.bool else { throw wrongType(value, key, wanted: "true or false") }
        return bool
    }

    func integer(
        _ value: TOMLValue, _ key: Key, _ range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        let allowed =
            range.upperBound == .max
            ? "an integer of \(range.lowerBound) or more" : "an integer from \(range.lowerBound) to \(range.upperBound)"
        guard let integer = value.int else { throw wrongType(value, key, wanted: allowed) }
        guard range.contains(integer) else { throw error(key, "\(integer) is out of range; this must be \(allowed)") }
        return integer
    }

    func duration(
        _ value: TOMLValue, _ key: Key, _ range: ClosedRange<Duration>, example: String
    ) throws(ConfigurationError) -> Duration {
        if value.int != nil || value.double != nil {
            throw error(key, "a number without a unit is not a duration; write for example \"\(example)\"")
        }
        guard let text = value.string else {
            throw wrongType(value, key, wanted: "a duration in quotes, for example \"\(example)\"")
        }
        guard let duration = Duration(text: text) else {
            throw error(key, "\"\(text)\" is not a duration; write for example \"\(example)\"")
        }
        guard range.contains(duration) else {
            throw error(
                key,
                "\"\(text)\" is out of range; this must lie between \"\(range.lowerBound.text)\" and "
                    + "\"\(range.upperBound.text)\"")
        }
        return duration
    }

    func strings(_ value: TOMLValue, _ key: Key) throws(ConfigurationError) -> [String] {
        guard let array = value.array else {
            throw wrongType(value, key, wanted: "a list of strings, even for one: [\"…\"]")
        }
        var result: [String] = []
        for (index, item) in array.enumerated() {
            guard let string = item.string else {
                throw error(key, "item \(index + 1) of the list is of type \(item.type), but must be a string")
            }
            result.append(string)
        }
        return result
    }

    /// Globs on names.
    func patterns(_ value: TOMLValue, _ key: Key) throws(ConfigurationError) -> [[UInt8]] {
        let patterns = try strings(value, key)
        for pattern in patterns {
            if pattern.isEmpty { throw error(key, "an empty pattern matches no name; leave it out") }
            if pattern.utf8.contains(UInt8(ascii: "/")) {
                throw error(
                    key, "\"\(pattern)\" contains a slash; patterns are for names, write for example \"*.part\"")
            }
        }
        return patterns.map { Array($0.utf8) }
    }

    /// Folders, absolute, each once.
    func folders(_ value: TOMLValue, _ key: Key) throws(ConfigurationError) -> [FilePath] {
        var result: [FilePath] = []
        for text in try strings(value, key) {
            let folder = try folder(text, key)
            if !result.contains(folder) { result.append(folder) }
        }
        return result
    }

    private func folder(_ text: String, _ key: Key) throws(ConfigurationError) -> FilePath {
        let path = FilePath(text).lexicallyNormalized()
        if path.isAbsolute { return path }
        guard let first = path.components.first, text.hasPrefix("~") else {
            throw error(key, "\"\(text)\" is not absolute; write for example \"/srv/samples\" or \"~/Samples\"")
        }
        guard first.string == "~" else {
            throw error(key, "\"\(text)\": only one's own home is known, as ~/; write the other's folder in full")
        }
        guard let home else {
            throw error(key, "\"\(text)\": the user of this service has no home; write the folder in full")
        }
        return home.pushing(FilePath(root: nil, path.components.dropFirst()))
    }
}
