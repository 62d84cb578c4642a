import Testing
import TimbreWire

@testable import timbrectl

/// Names by which the layers of an instrument are known.
struct LayerNamesTests {
    @Test(
        "Differ in numbers, in how loud something is, or in notes",
        arguments: [
            ("Cowbell-Hard.ogg", "Cowbell-Softest.ogg"), ("HatClosedMed.wav", "HatClosedHard.wav"),
            ("snare_v1_rr2.wav", "snare_v3_rr1.flac"), ("C3-90.wav", "C3-120.wav"), ("tom_mf.wav", "tom_FF.wav"),
            ("Bassfl_ff-66-Fis4.ogg", "Bassfl_ff-67-G4.ogg"), ("Kick 1.wav", "Kick 02.wav"), ("A#2.wav", "C#3.wav"),
        ])
    func layers(a: String, b: String) {
        #expect(LayerNames.areLayers(WirePath("/kit/\(a)".utf8), WirePath("/kit/\(b)".utf8)))
        #expect(LayerNames.areLayers(WirePath("/kit/\(b)".utf8), WirePath("/kit/\(a)".utf8)))
        // Elsewhere they are copies.
        #expect(!LayerNames.areLayers(WirePath("/kit/\(a)".utf8), WirePath("/backup/\(b)".utf8)))
    }

    @Test(
        "Other names are those of copies",
        arguments: [
            ("kick.wav", "kick.flac"), ("kick.wav", "kick (2).wav"), ("kick.wav", "kick copy.wav"),
            ("Kick.wav", "kick_44100.wav"), ("bell soft.wav", "bell normalised.wav"), ("clap.wav", "snap.wav"),
            ("c.wav", "d.wav"),
            (".5", ".5"), ("kick 1.wav", "snare 2.wav"), ("a\u{301}1.wav", "b1.wav"),
        ])
    func copies(a: String, b: String) {
        #expect(!LayerNames.areLayers(WirePath("/kit/\(a)".utf8), WirePath("/kit/\(b)".utf8)))
    }
}
