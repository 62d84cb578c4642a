import SoundFeatures
import Varlink

/// What parameters can be asked for, beside what their types say.
package enum ParameterLimits {
    /// How many results, files or searches can be asked for, and how many sounds can be searched by.
    package static let counts = 1...10_000
    /// How many sounds can be mixed to search by the mixture.
    package static let blended = 2...16
}

/// Complains of a parameter unless what must be true of it is.
private func require(_ isRight: Bool, _ name: String) throws(VarlinkError) {
    guard isRight else { throw .invalidParameter(name) }
}

/// Complains of a number, if it is given, that lies outside ``ParameterLimits/counts``.
private func require(count: Int?, _ name: String) throws(VarlinkError) {
    if let count { try require(ParameterLimits.counts.contains(count), name) }
}

extension WirePath {
    fileprivate var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }
}

extension Similar {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.queries.count, "queries")
        try require((parameters.not?.count ?? 0) <= ParameterLimits.counts.upperBound, "not")
        for (index, query) in parameters.queries.enumerated() { try query.check("queries[\(index)]") }
        for (index, query) in (parameters.not ?? []).enumerated() { try query.check("not[\(index)]") }
        if let at = parameters.at {
            // A code has no parts.
            try require(at.start >= 0 && at.end > at.start && !parameters.queries.contains(where: \.isCode), "at")
        }
        try require(count: parameters.count, "count")
        if parameters.blend {
            let counts = ParameterLimits.blended
            try require(
                counts.contains(parameters.queries.count) && !parameters.queries.contains(where: \.isCode), "blend")
        }
        // A place has no other place to make room for.
        try require(
            (parameters.perFolder ?? 1) >= 1 && (parameters.perFolder == nil || !parameters.segments), "per_folder")
        // Neighbours are those of a whole sound, and a mixture is of no one kind.
        try require(
            !parameters.rerank
                || !parameters.segments && !parameters.blend && parameters.metric != .codes
                    && !parameters.queries.contains(where: \.isCode),
            "rerank")
        try require(parameters.maxDistance ?? 0 >= 0, "max_distance")
        try parameters.filter?.check()
        guard let contrasts = parameters.contrasts else { return }
        // A place has no figures, and a code neither.
        try require(!parameters.segments && !parameters.queries.contains(where: \.isCode), "contrasts")
        try contrasts.check("contrasts")
    }
}

extension [Contrast] {
    fileprivate func check(_ name: String) throws(VarlinkError) {
        let directions = Set(map(\.direction))
        try require(!isEmpty && directions.count == count, name)
        for (index, contrast) in enumerated() {
            let direction = contrast.direction
            try require(direction.opposite.map { !directions.contains($0) } ?? true, "\(name)[\(index)].direction")
            let isRight = contrast.amount.map { direction.unit?.amounts.contains($0) ?? false } ?? true
            try require(isRight, "\(name)[\(index)].amount")
        }
    }
}

extension Compare {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(parameters.a.isAbsolute, "a")
        try require(parameters.b.isAbsolute && parameters.b != parameters.a, "b")
    }
}

extension Odd {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.count, "count")
        try parameters.filter?.check()
    }
}

extension Explain {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        for (sound, name) in [(parameters.a, "a"), (parameters.b, "b")] {
            try sound.check(name)
            try require(!sound.isCode, "\(name).code")
        }
        for (part, name) in [(parameters.at, "at"), (parameters.atA, "at_a")] {
            if let part { try require(part.start >= 0 && part.end > part.start, name) }
        }
    }
}

extension Look {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try parameters.sound.check("sound")
        try require(!parameters.sound.isCode, "sound.code")
        if let at = parameters.at { try require(at.start >= 0 && at.end > at.start, "at") }
        try require(columnCounts.contains(parameters.columns ?? usualCount), "columns")
    }
}

extension Follow {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        if let like = parameters.like {
            try require(count: like.count, "like")
            for (index, query) in like.enumerated() { try query.check("like[\(index)]") }
        }
        try require(parameters.maxDistance ?? 0 >= 0, "max_distance")
        try require(parameters.since ?? 0 >= 0, "since")
        // A listing is of everything, and begins anew.
        try require(!parameters.snapshot || parameters.like == nil && parameters.since == nil, "snapshot")
    }
}

extension Changes {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(parameters.after ?? 0 >= 0, "after")
        // A number alone may be one of another history.
        try require((parameters.after == nil) == (parameters.history == nil), "history")
        try require(count: parameters.limit, "limit")
        if let model = parameters.model { try require(model.hasPrefix("sha256:"), "model") }
    }
}

extension Vectors {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.queries.count, "queries")
        for (index, query) in parameters.queries.enumerated() {
            try query.check("queries[\(index)]")
            try require(!query.isCode, "queries[\(index)].code")
        }
        if let at = parameters.at { try require(at.start >= 0 && at.end > at.start, "at") }
    }
}

extension Distances {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.vectors.count, "vectors")
        try require(parameters.vectors.allSatisfy { $0.bytes.count == 128 }, "vectors")
        try require(parameters.squared.allSatisfy { $0 >= 0 }, "squared")
    }
}

extension FindPath {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        for (sound, name) in [(parameters.from, "from"), (parameters.to, "to")] {
            try sound.check(name)
            try require(!sound.isCode, "\(name).code")
        }
        try require(counts.contains(parameters.count ?? usualCount), "count")
        try parameters.filter?.check()
    }
}

extension QuerySound {
    fileprivate var isCode: Bool { if case .code = source { true } else { false } }

    fileprivate func check(_ name: String) throws(VarlinkError) {
        switch source {
        case .file(let path): try require(path.isAbsolute, "\(name).path")
        case .code: break
        case .features(let features, _): try features.check("\(name).features")
        }
    }
}

extension QueryFeatures {
    /// Makes sure that the bytes are those of whole frames, and of as many in both forms.
    fileprivate func check(_ name: String) throws(VarlinkError) {
        try require(sampleCount >= 0, "\(name).sample_count")
        // More than thirty years would be no number of seconds that can be told.
        try require((0...1e9).contains(duration), "\(name).duration")
        let (frames, rest) = cepstra.bytes.count.quotientAndRemainder(dividingBy: FeatureFrames.cepstrumStride)
        try require(rest == 0, "\(name).cepstra")
        if let bands { try require(bands.bytes.count == frames * FeatureFrames.bandStride, "\(name).bands") }
        if let trimmedBands {
            try require(trimmedBands.bytes.count % FeatureFrames.bandStride == 0, "\(name).trimmed_bands")
        }
        if let shiftedBands {
            try require(shiftedBands.bytes.count % FeatureFrames.bandStride == 0, "\(name).shifted_bands")
        }
    }
}

extension FileFilter {
    fileprivate func check() throws(VarlinkError) {
        try require(minDuration ?? 0 >= 0, "filter.min_duration")
        try require(maxDuration ?? 0 >= 0, "filter.max_duration")
        try require(channels ?? 1 >= 1, "filter.channels")
        try require((notUnder?.count ?? 0) <= ParameterLimits.counts.upperBound, "filter.not_under")
        for (index, folder) in (notUnder ?? []).enumerated() {
            try require(folder.isAbsolute, "filter.not_under[\(index)].path")
        }
        try require((tags?.count ?? 0) <= ParameterLimits.counts.upperBound, "filter.tags")
        for (index, tag) in (tags ?? []).enumerated() { try require(!tag.word.isEmpty, "filter.tags[\(index)].word") }
        try require(minBPM ?? 0 >= 0, "filter.min_bpm")
        try require(maxBPM ?? 0 >= 0, "filter.max_bpm")
        try require(key?.isEmpty != true, "filter.key")
        try require(minLength ?? 0 >= 0, "filter.min_length")
        try require(maxLength ?? 0 >= 0, "filter.max_length")
    }
}

extension List {
    package static func check(_ parameters: Parameters) throws(VarlinkError) { try parameters.filter?.check() }
}

extension Numbers {
    package static func check(_ parameters: Parameters) throws(VarlinkError) { try parameters.filter.check() }
}

extension Random {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.count, "count")
        try parameters.filter?.check()
    }
}

extension AddFolder {
    package static func check(_ folder: WirePath) throws(VarlinkError) { try require(folder.isAbsolute, "path") }
}

extension RemoveFolder {
    package static func check(_ folder: WirePath) throws(VarlinkError) { try require(folder.isAbsolute, "path") }
}

extension Retrain {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(parameters.seed ?? 0 >= 0, "seed")
    }
}

extension Evaluate {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(parameters.labels?.isEmpty != true, "labels")
        for (index, label) in (parameters.labels ?? []).enumerated() {
            try require(label.path.isAbsolute, "labels[\(index)].path")
        }
        // A file's name does not tell its pitch.
        try require(parameters.labels != nil || parameters.excludeSame?.contains(.pitch) != true, "exclude_same")
        try require(count: parameters.queries, "queries")
        try require(parameters.seed ?? 0 >= 0, "seed")
    }
}

extension Verify {
    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        try require(count: parameters.queries, "queries")
    }
}
