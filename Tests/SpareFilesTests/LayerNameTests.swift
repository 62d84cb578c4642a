import Testing
import TimbreWire

@testable import SpareFiles

/// Names by which the layers of an instrument are known.
struct LayerNameTests {
    private func areLayers(_ a: String, _ b: String) -> Bool {
        LayerName(WirePath(a.utf8)).isLayer(of: LayerName(WirePath(b.utf8)))
    }

    @Test(
        "Differ in numbers, in how loud something is, or in notes",
        arguments: [
            ("Cowbell-Hard.ogg", "Cowbell-Softest.ogg"), ("HatClosedMed.wav", "HatClosedHard.wav"),
            ("snare_v1_rr2.wav", "snare_v3_rr1.flac"), ("C3-90.wav", "C3-120.wav"), ("tom_mf.wav", "tom_FF.wav"),
            ("Bassfl_ff-66-Fis4.ogg", "Bassfl_ff-67-G4.ogg"), ("Kick 1.wav", "Kick 02.wav"), ("A#2.wav", "C#3.wav"),
        ])
    func layers(a: String, b: String) {
        #expect(areLayers("/kit/\(a)", "/kit/\(b)"))
        #expect(areLayers("/kit/\(b)", "/kit/\(a)"))
        // Elsewhere they are copies.
        #expect(!areLayers("/kit/\(a)", "/backup/\(b)"))
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
        #expect(!areLayers("/kit/\(a)", "/kit/\(b)"))
    }

    @Test func aLetterMayBeANoteAndALoudness() {
        #expect(areLayers("/kit/f1.wav", "/kit/c1.wav") && areLayers("/kit/f1.wav", "/kit/pp1.wav"))
        #expect(!areLayers("/kit/c1.wav", "/kit/pp1.wav") && !areLayers("/kit/f.wav", "/kit/c.wav"))
        #expect(areLayers("/kit/f.wav", "/kit/pp.wav"))
    }

    @Test func ofASetTheLayersAreFound() {
        let all = ["a1", "a2", "a3", "f1", "f2", "pp1", "mf9", "c1", "kick", "kick 1", "kick 2"].map {
            "/kit/\($0).wav"
        }
        // With one to all of them in the set, from each place on.
        for start in all.indices {
            var (set, inserted) = (LayerNameSet(), [String]())
            for name in all[start...] + all[..<start] {
                set.insert(LayerName(WirePath(name.utf8)))
                inserted.append(name)
                for name in all + ["/kit/a2.flac", "/other/a2.wav"] {
                    #expect(
                        set.hasLayer(of: LayerName(WirePath(name.utf8))) == inserted.contains { areLayers($0, name) })
                }
            }
        }
    }
}
