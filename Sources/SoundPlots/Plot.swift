import CommandOutput
import LocalFiles
import SoundFeatures
import SystemPackage
import TimbrePictures
import TimbreWire

/// What is known of sounds that are to be drawn.
package struct Plot {
    private let sounds: [PlottedSound]
    /// Why two are near or far; nil unless there are two, and something is heard in both.
    private let explanation: Explain.Reply?

    /// Asks the daemon, and has waveforms read.
    ///
    /// - Parameters:
    ///   - columns: How many columns each sound is asked for.
    ///   - wantsWave: Whether waveforms are read at all.
    /// - Throws: ``Failure``
    package init(
        _ files: [FilePath], at part: TimeSpan?, columns: Int, wantsWave: Bool, _ library: some LibraryAsker
    ) throws {
        var outlines: [WirePath: SoundOutline] = [:]
        var sounds = QuerySounds(wanted: files, unwanted: [])
        if wantsWave {
            sounds.whenOpened = { sound, path in outlines[path] = Self.outline(of: sound, part, named: path) }
        }
        let (looks, queries, explanation) = try sounds.search(what: "plot") { wanted, _ in
            let looks = try wanted.map { sound in
                try library.ask(Look.self, Look.Parameters(sound: sound, at: part, columns: columns))
            }
            let explanation = wanted.count == 2 ? try Self.explanation(wanted[0], wanted[1], library) : nil
            return (looks, wanted, explanation)
        }
        self.explanation = explanation
        self.sounds = zip(queries, looks).map { query, look in
            guard let path = query.path else { preconditionFailure("every sound was named") }
            let outline = outlines[path] ?? (look.inLibrary && wantsWave ? Self.outline(ofFile: path, part) : nil)
            return PlottedSound(path: path, part: part, look: look, outline: outline)
        }
    }

    private static func outline(ofFile path: WirePath, _ part: TimeSpan?) -> SoundOutline? {
        do throws(Failure) { return outline(of: try OutsideSound(opening: path, for: "plot"), part, named: path) } catch
        {
            return withoutOutline(error)
        }
    }

    private static func outline(
        of sound: borrowing OutsideSound, _ part: TimeSpan?, named path: WirePath
    ) -> SoundOutline? {
        do throws(Failure) { return try sound.outline(of: part, named: path) } catch { return withoutOutline(error) }
    }

    /// Tells why a waveform cannot be read, of a file in a folder that is away say: how loud the sound is is drawn then.
    private static func withoutOutline(_ failure: Failure) -> SoundOutline? {
        Output.error((failure.line ?? "timbrectl: plot") + "; how loud it is is drawn in place of its waveform")
        return nil
    }

    /// Nil if one of the two is silent: then nothing is shared.
    private static func explanation(
        _ a: QuerySound, _ b: QuerySound, _ library: some LibraryAsker
    ) throws -> Explain.Reply? {
        do { return try library.ask(Explain.self, Explain.Parameters(a: a, b: b)) } catch LibraryError.emptyQuery {
            return nil
        }
    }

    package func picture(lanes: [PictureLane], theme: PictureTheme) -> SoundPicture {
        let names = sounds.count == 2 ? ["A", "B"] : []
        let pictured = sounds.enumerated().map { number, sound in
            var facts = sound.facts
            if number == 1, let explanation { facts += ", \(Self.nearness(explanation))" }
            let name = Shown.path(sound.path)
            return PicturedSound(
                sound.look, title: names.isEmpty ? name : "\(names[number])  \(name)", facts: facts,
                outline: sound.outline)
        }
        return SoundPicture(of: pictured, marked: marked, lanes: lanes, theme: theme)
    }

    private static func nearness(_ explanation: Explain.Reply) -> String {
        guard let timbre = explanation.timbre else {
            return "\(Shown.number(explanation.codes.distance, digits: 2)) bits from A"
        }
        let score = timbre.score.map { ", score \(Shown.number($0, digits: 3))" } ?? ""
        return "distance from A \(Shown.number(timbre.distance, digits: 3))\(score)"
    }

    /// The codes that are heard in what is drawn of both, those that fewest files of the library have first.
    private var marked: [SoundPicture.MarkedCode] {
        guard let explanation else { return [] }
        return explanation.shared.compactMap { shared in
            guard let a = sounds[0].share(of: shared.code), let b = sounds[1].share(of: shared.code) else { return nil }
            let percent = [a, b, shared.share].map { Shown.number(100 * $0, digits: 1) + " %" }
            let words =
                "code \(shared.code): \(percent[0]) of A, \(percent[1]) of B, heard in \(percent[2]) of the files"
            return SoundPicture.MarkedCode(code: shared.code, words: words)
        }
    }
}

extension Plot: Encodable {
    private enum CodingKeys: String, CodingKey { case sounds, explanation }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(sounds, forKey: .sounds)
        try members.encodeIfPresent(explanation, forKey: .explanation)
    }
}

/// One sound that is to be drawn.
struct PlottedSound {
    let path: WirePath
    /// What part of it is drawn; all of it if nil.
    let part: TimeSpan?
    let look: Look.Reply
    /// The waveform, where the file can be read.
    let outline: SoundOutline?

    /// What is said below its name.
    var facts: String {
        let length = Shown.duration(look.duration)
        var facts = [
            part.map { "\(Shown.span($0.start, $0.end)) of \(length)" }
                ?? length
        ]
        if let outline {
            facts.append("\(outline.sampleRate) Hz")
            facts.append(
                outline.channelCount == 1
                    ? "mono" : outline.channelCount == 2 ? "stereo" : Shown.count(outline.channelCount, "channel"))
        }
        if !look.inLibrary { facts.append("not in the library") }
        return facts.joined(separator: ", ")
    }

    /// The share of what is heard that has a code, from 0 to 1; nil if none.
    func share(of code: Int) -> Double? {
        let all = look.use.reduce(0) { $0 + $1.frames }
        return look.use.first { $0.code == code }.map { Double($0.frames) / Double(max(all, 1)) }
    }
}

extension PlottedSound: Encodable {
    private enum CodingKeys: String, CodingKey { case wave }

    /// The waveform as `--json` has it: the lowest and the highest sample of each stretch, 32767 being full scale.
    private struct Wave: Encodable {
        var start: Double
        var step: Double
        var lows: [Int16]
        var highs: [Int16]
    }

    /// The path's members, those of the look, and the waveform.
    package func encode(to encoder: any Encoder) throws {
        try path.encode(to: encoder)
        try look.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(
            outline.map { Wave(start: $0.start, step: $0.step, lows: $0.lows, highs: $0.highs) }, forKey: .wave)
    }
}
