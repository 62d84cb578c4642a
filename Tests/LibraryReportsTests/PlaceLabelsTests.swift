import CommandOutput
import Testing
import TimbreWire

@testable import LibraryReports
@testable import LocalFiles

struct PlaceLabelsTests {
    private func reply(_ places: [(String, Double, Double, Double)], query: String = "/q/bark.wav") -> Similar.Reply {
        Similar.Reply(
            query: [QueryEcho(path: WirePath(query.utf8), inLibrary: true, duration: 1)], metric: .timbre, model: "",
            complete: true,
            results: places.enumerated().map { rank, place in
                SimilarResult(
                    rank: rank + 1, path: WirePath(place.0.utf8), distance: 0, score: place.3, hamming: 0,
                    start: place.1, end: place.2, duration: 6000)
            })
    }

    private static let tape = "/s/tape 50% <ä>.wav"

    private var labels: PlaceLabels {
        get throws {
            try PlaceLabels(
                reply([
                    (Self.tape, 5647.2, 5648.45, 0.934), (Self.tape, 0.25, 0.75, 0.5), (Self.tape, 0.7, 1.2, 0.7),
                ]))
        }
    }

    @Test func audacityHasLabelsInTheOrderOfTime() throws {
        #expect(
            try labels.audacity
                == "0.250000\t0.750000\t0.50 bark.wav\n0.700000\t1.200000\t0.70 bark.wav\n"
                + "5647.200000\t5648.450000\t0.93 bark.wav\n")
    }

    @Test func reaperHasRegions() throws {
        #expect(
            try labels.reaper == """
                #,Name,Start,End,Length
                R1,0.50 bark.wav,0:00:00.250,0:00:00.750,0:00:00.500
                R2,0.70 bark.wav,0:00:00.700,0:00:01.200,0:00:00.500
                R3,0.93 bark.wav,1:34:07.200,1:34:08.450,0:00:01.250

                """)
        let odd = try PlaceLabels(reply([("/a", 35_999.9996, 36_001, 1)], query: "/q/a,\"b\"\t.wav"))
        #expect(
            odd.reaper.hasSuffix("R1,\"1.00 a,\"\"b\"\"\\t.wav\",10:00:00.000,10:00:01.000,0:00:01.000\n"),
            "\(odd.reaper)")
    }

    @Test func elanHasNoTwoAnnotationsOfATierAtOnce() throws {
        let document = ElanDocument(places: try labels, date: 1_769_900_405)
        #expect(document.tiers.map { $0.map(\.start) } == [[0.25, 5647.2], [0.7]])
        #expect(
            document.text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <ANNOTATION_DOCUMENT AUTHOR="timbrectl" DATE="2026-01-31T23:00:05+00:00" FORMAT="3.0" VERSION="3.0" \
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
                xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
                    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
                        <MEDIA_DESCRIPTOR MEDIA_URL="file:///s/tape%2050%25%20%3C%C3%A4%3E.wav" MIME_TYPE="audio/x-wav"/>
                        <PROPERTY NAME="lastUsedAnnotationId">3</PROPERTY>
                    </HEADER>
                    <TIME_ORDER>
                        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="250"/>
                        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="750"/>
                        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="5647200"/>
                        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="5648450"/>
                        <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="700"/>
                        <TIME_SLOT TIME_SLOT_ID="ts6" TIME_VALUE="1200"/>
                    </TIME_ORDER>
                    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="bark.wav">
                        <ANNOTATION>
                            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                                <ANNOTATION_VALUE>0.50 bark.wav</ANNOTATION_VALUE>
                            </ALIGNABLE_ANNOTATION>
                        </ANNOTATION>
                        <ANNOTATION>
                            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
                                <ANNOTATION_VALUE>0.93 bark.wav</ANNOTATION_VALUE>
                            </ALIGNABLE_ANNOTATION>
                        </ANNOTATION>
                    </TIER>
                    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="bark.wav (2)">
                        <ANNOTATION>
                            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts5" TIME_SLOT_REF2="ts6">
                                <ANNOTATION_VALUE>0.70 bark.wav</ANNOTATION_VALUE>
                            </ALIGNABLE_ANNOTATION>
                        </ANNOTATION>
                    </TIER>
                    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
                </ANNOTATION_DOCUMENT>

                """)
        let odd = ElanDocument(places: try PlaceLabels(reply([("/a", 0, 0, 1)], query: "/q/a<&>\"b\".wav")), date: 0)
        #expect(odd.text.contains("TIER_ID=\"a&lt;&amp;&gt;&quot;b&quot;.wav\""))
        #expect(odd.text.contains("MIME_TYPE=\"unknown\"") && odd.text.contains("TIME_VALUE=\"1\""))
    }

    @Test func placesInSeveralRecordingsAreNoLabelsOfOne() {
        #expect { try PlaceLabels(reply([("/a", 0, 1, 1), ("/b", 0, 1, 1)])) } throws: {
            $0 as? Failure
                == Failure(
                    .usage, what: "similar", why: "the places are in 2 recordings, and such labels belong to one",
                    next: "name it by --under FILE, or take --format csv")
        }
    }

    @Test func aTableIsReadAsItWasWritten() throws {
        let path = WirePath(Array("/s/a, \"b\"\n".utf8) + [0xFF])
        let result = SimilarResult(
            rank: 3, path: path, distance: 0.125, score: 0.5, hamming: 7, start: 0.1, end: 5647.204, duration: 6000.5,
            inside: true)
        let table = try CSVTable(Array(ResultTable(results: [result]).text.utf8))
        func value(_ column: String) throws -> [UInt8] { table.rows[0].fields[try #require(table.column(column))] }
        #expect(try value("path") == Array(path.shown.utf8))
        #expect(try value("path_bytes") == Array(Base64(path.bytes).text.utf8))
        let numbers = try ["start", "end", "score", "distance", "duration"].map {
            Double(String(decoding: try value($0), as: UTF8.self))
        }
        #expect(numbers == [0.1, 5647.204, 0.5, 0.125, 6000.5])
        #expect(try value("inside") == Array("true".utf8))
        #expect(Array(table.columns.prefix(5)) == ["path", "start", "end", "score", "distance"].map { Array($0.utf8) })
    }
}
