import ContentHash
import Platform
import TestFiles
import Testing

@testable import TimbreIngest

struct NewSizesTests {
    @Test func theFirstOfASizeGoesAndTheOthersFollow() {
        var sizes = NewSizes()
        let going = [(1, 10), (2, 20), (3, 10), (4, 10)].map { sizes.mayGo($0.0, size: $0.1) }
        #expect(going == [true, true, false, false])
        // A file that no worker has taken may be tried again.
        let goes1 = sizes.mayGo(1, size: 10)
        #expect(goes1)
        let early = [sizes.finished(2, size: 20), sizes.finished(3, size: 10)]
        #expect(early == [[], []])
        let late = (0..<2).map { _ in sizes.finished(1, size: 10) }
        #expect(late == [[3, 4], []])
        let goes3 = sizes.mayGo(3, size: 10)
        #expect(goes3)
    }

    @Test func whatWasFoundLatelyIsKnownAndTheRestForgotten() {
        var sizes = NewSizes()
        for number in 0..<6000 { sizes.found(ContentHash(of: Array("\(number)".utf8)), size: Int64(number / 2)) }
        #expect(sizes.contents(ofSize: 0).isEmpty)
        let last = [5998, 5999].map { ContentHash(of: Array("\($0)".utf8)) }
        #expect(sizes.contents(ofSize: 2999) == last)
        sizes.found(last[0], size: 2999)
        #expect(sizes.contents(ofSize: 2999) == last)
    }
}
