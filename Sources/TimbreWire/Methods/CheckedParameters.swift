/// Parameters whose types do not say all that must be true of them.
protocol CheckedParameters {
    /// - Throws: ``LibraryError/invalidParameter(_:)`` with the name of the first that is out of range.
    func check() throws(LibraryError)
}

/// Complains of a parameter unless what must be true of it is.
private func require(_ isRight: Bool, _ name: String) throws(LibraryError) {
    guard isRight else { throw .invalidParameter(name) }
}

/// How many results, files or searches can be asked for, and how many sounds can be searched by.
private let counts = 1...10_000

extension Similar.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        try require(counts.contains(queries.count), "queries")
        try require((not?.count ?? 0) <= counts.upperBound, "not")
        for (index, query) in queries.enumerated() { try query.check("queries[\(index)]") }
        for (index, query) in (not ?? []).enumerated() { try query.check("not[\(index)]") }
        if let at { try require(at.start >= 0 && at.end > at.start, "at") }
        if let count { try require(counts.contains(count), "count") }
        if let maxDistance { try require(maxDistance >= 0, "max_distance") }
        try filter?.check()
    }
}

extension Explain.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        for (sound, name) in [(a, "a"), (b, "b")] {
            try sound.check(name)
            if case .code = sound.source { throw .invalidParameter("\(name).code") }
        }
    }
}

extension QuerySound {
    fileprivate func check(_ name: String) throws(LibraryError) {
        switch source {
        case .file(let path): try require(path.bytes.first == UInt8(ascii: "/"), "\(name).path")
        case .code: break
        case .features(let features, _): try features.check("\(name).features")
        case nil: throw .invalidParameter(name)
        }
    }
}

extension QueryFeatures {
    fileprivate func check(_ name: String) throws(LibraryError) {
        try require(sampleCount >= 0, "\(name).sample_count")
        try require(duration >= 0, "\(name).duration")
        let frames = cepstra.bytes.count / 30
        try require(cepstra.bytes.count == frames * 30, "\(name).cepstra")
        if let bands { try require(bands.bytes.count == frames * 104, "\(name).bands") }
    }
}

extension FileFilter {
    fileprivate func check() throws(LibraryError) {
        if let minDuration { try require(minDuration >= 0, "filter.min_duration") }
        if let maxDuration { try require(maxDuration >= 0, "filter.max_duration") }
        if let channels { try require(channels >= 1, "filter.channels") }
    }
}

extension Random.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        if let count { try require(counts.contains(count), "count") }
        try filter?.check()
    }
}

extension Retrain.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        if let seed { try require(seed >= 0, "seed") }
    }
}

extension Evaluate.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        if let labels { try require(!labels.isEmpty, "labels") }
        for (index, label) in (labels ?? []).enumerated() {
            try require(label.path.bytes.first == UInt8(ascii: "/"), "labels[\(index)].path")
        }
        // A file's name does not tell its pitch.
        try require(labels != nil || excludeSame?.contains(.pitch) != true, "exclude_same")
        if let queries { try require(counts.contains(queries), "queries") }
        if let seed { try require(seed >= 0, "seed") }
    }
}

extension Verify.Parameters: CheckedParameters {
    func check() throws(LibraryError) {
        if let queries { try require(counts.contains(queries), "queries") }
    }
}
