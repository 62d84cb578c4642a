import ContentHash
import SoundExtraction
import SoundFeatures
import TimbreFeatures

/// All features of a sound, as one JSON object, in full precision.
///
/// The arrays stand one after the other and a long sound's would not fit into memory, so that the sound is gone through
/// once for what is known at its end, and once more for each array.
enum JSONReport {
    static func print(_ file: borrowing OpenFile, _ extractor: inout Extractor) throws {
        var output = Output()
        do {
            var (frames, silent) = (0, [Int]())
            let info = try extractor.extract(file.descriptor, suffix: file.suffix, longest: .infinity) { frame in
                if frame.isSilent { silent.append(frames) }
                frames += 1
            }
            let content = try Extractor.hash(file.descriptor).content
            try output.write(
                """
                {"path": \(quoted(file.name)), "format": \(quoted(info.format)), "sample_rate": \(info.sampleRate), \
                "channels": \(info.channelCount), "duration": \(info.duration), "samples": \(info.sampleCount), \
                "frames": \(frames), "incomplete": \(info.isIncomplete), "note": \(info.note.map(quoted) ?? "null"), "tags": \(object(info.tags ?? SoundTags())), "content": \(quoted(content.description)), \
                "silent": \(silent)
                """)
            try write("bark", of: file, &extractor, to: &output) { $0.bands.map { Double($0) } }
            try write("bfcc", of: file, &extractor, to: &output) { $0.cepstrum.map { Double($0) } }
            try write("unit", of: file, &extractor, to: &output) { $0.unit }
        } catch let failure as ExtractionFailure { throw ReportedFailure(failure) }
        try output.write("}\n")
        try output.flush()
    }

    private static func write(
        _ name: String, of file: borrowing OpenFile, _ extractor: inout Extractor, to output: inout Output,
        _ numbers: (borrowing FrameFeatures) -> [Double]
    ) throws {
        try output.write(", \"\(name)\": [")
        var separator = ""
        _ = try extractor.extract(file.descriptor, suffix: file.suffix, longest: .infinity) { frame in
            // A Swift array of finite numbers is written as JSON writes it.
            try output.write("\(separator)\(numbers(frame))")
            separator = ", "
        }
        try output.write("]")
    }

    /// What the file says of itself; loops are in frames.
    private static func object(_ tags: SoundTags) -> String {
        var members = SoundTags.texts.compactMap { name, path in tags[keyPath: path].map { (name, quoted($0)) } }
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { members.append((name, value.description)) }
        }
        add("bpm", tags.bpm)
        add("root_note", tags.rootNote)
        add("beats", tags.beats)
        add("one_shot", tags.isOneShot)
        if !tags.loops.isEmpty { add("loops", "\(tags.loops.map { [$0.lowerBound, $0.upperBound] })") }
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
