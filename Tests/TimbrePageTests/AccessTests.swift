import Testing

@testable import TimbrePage

struct AccessTests {
    let start = ContinuousClock.now

    @Test func aKeyIsDrawnAnew() {
        let keys = (0..<100).map { _ in Key.random() }
        #expect(Set(keys).count == 100)
        #expect(
            keys.allSatisfy {
                $0.text.count == 43
                    && $0.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            })
    }

    @Test func onlyTheKeyAdmits() {
        let key = Key.random()
        #expect(key.admits("Bearer \(key.text)"))
        for claimed in [
            "", "Bearer ", "Bearer \(key.text)x", "bearer \(key.text)", "Basic \(key.text)", key.text,
            "Bearer \(key.text.dropLast())", "Bearer \(Key.random().text)",
        ] { #expect(!key.admits(claimed)) }
        #expect(!key.admits(nil))
    }

    @Test func aCodeIsGoodOnce() {
        let code = Key.random()
        let entry = EntryCode(code, until: start + .seconds(30))
        #expect(!entry.redeem("other", at: start))
        #expect(entry.redeem(code.text, at: start + .seconds(30)))
        #expect(!entry.redeem(code.text, at: start + .seconds(30)))
    }

    @Test func aCodeIsNotGoodForLong() {
        let code = Key.random()
        let entry = EntryCode(code, until: start + .seconds(30))
        #expect(!entry.redeem(code.text, at: start + .seconds(31)))
    }
}
