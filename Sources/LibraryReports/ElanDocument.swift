import CommandOutput
import Glibc
import TimbreWire

/// Places in one recording, as a document of ELAN: EAF 3.0.
///
/// Source: H. Brugman and A. Klassmann, *ELAN Annotation Format*, schema 3.0, Max Planck Institute for Psycholinguistics.
struct ElanDocument {
    var places: PlaceLabels
    /// When it is written, in seconds since 1970.
    var date: Int

    /// Annotations of one tier must not overlap: as many tiers as that takes, the first one named after the query.
    var tiers: [[PlaceLabels.Label]] {
        var tiers: [[PlaceLabels.Label]] = []
        for label in places.labels {
            if let free = tiers.firstIndex(where: { $0.last.map(Self.end) ?? 0 <= Self.start(of: label) }) {
                tiers[free].append(label)
            } else {
                tiers.append([label])
            }
        }
        return tiers
    }

    /// In milliseconds.
    private static func start(of label: PlaceLabels.Label) -> Int { Int((max(label.start, 0) * 1000).rounded()) }
    private static func end(of label: PlaceLabels.Label) -> Int {
        max(Int((label.end * 1000).rounded()), start(of: label) + 1)
    }

    var text: String {
        let tiers = tiers
        var (slots, annotations, count) = ("", [String](), 0)
        for (index, tier) in tiers.enumerated() {
            var text = ""
            for label in tier {
                count += 1
                let (first, second) = ("ts\(2 * count - 1)", "ts\(2 * count)")
                slots += Self.slot(first, Self.start(of: label)) + Self.slot(second, Self.end(of: label))
                text += """
                            <ANNOTATION>
                                <ALIGNABLE_ANNOTATION ANNOTATION_ID="a\(count)" TIME_SLOT_REF1="\(first)" TIME_SLOT_REF2="\(second)">
                                    <ANNOTATION_VALUE>\(Self.escaped(label.text))</ANNOTATION_VALUE>
                                </ALIGNABLE_ANNOTATION>
                            </ANNOTATION>

                    """
            }
            let name = index == 0 ? places.query : "\(places.query) (\(index + 1))"
            annotations.append(
                """
                    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="\(Self.escaped(name))">
                \(text)    </TIER>

                """)
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <ANNOTATION_DOCUMENT AUTHOR="timbrectl" DATE="\(Self.time(date))" FORMAT="3.0" VERSION="3.0" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
                <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
                    <MEDIA_DESCRIPTOR MEDIA_URL="\(places.recording.fileURL)" MIME_TYPE="\(mediaType)"/>
                    <PROPERTY NAME="lastUsedAnnotationId">\(count)</PROPERTY>
                </HEADER>
                <TIME_ORDER>
            \(slots)    </TIME_ORDER>
            \(annotations.joined())    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
            </ANNOTATION_DOCUMENT>

            """
    }

    private static func slot(_ name: String, _ milliseconds: Int) -> String {
        "        <TIME_SLOT TIME_SLOT_ID=\"\(name)\" TIME_VALUE=\"\(milliseconds)\"/>\n"
    }

    /// The recording's type, by which ELAN chooses a player.
    private var mediaType: String {
        let name = places.recording.name.shown.lowercased()
        let types = [".wav": "audio/x-wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg"]
        return types.first { name.hasSuffix($0.key) }?.value ?? "unknown"
    }

    private static func time(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var date = unsafe tm()
        unsafe gmtime_r(&moment, &date)
        var text = [CChar](repeating: 0, count: 32)
        let length = unsafe strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S+00:00", &date)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A text between tags or quotation marks; it has no control characters, which XML cannot have.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
