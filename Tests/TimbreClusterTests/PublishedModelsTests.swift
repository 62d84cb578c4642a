import ClusterShards
import Testing

@testable import TimbreCluster

struct PublishedModelsTests {
    private struct Unreadable: Error {}

    private func offer(_ model: String, settled: Bool = false) -> ModelOffer {
        ModelOffer(number: 1, model: model, offerer: "a", time: 0, isSettled: settled)
    }

    private func models(
        _ offer: ModelOffer?, used: String, asked: [String] = [], has: Set<String> = []
    ) throws -> [String] {
        try PublishedModels(offer: offer, used: used, asked: asked) { has.contains($0) }.models
    }

    @Test func withoutAnOfferItIsTheModelInUse() throws {
        #expect(try models(nil, used: "old", asked: ["old", "older"], has: ["old", "older"]) == ["old"])
    }

    @Test func anOfferIsPublishedUnderOnceTheLibraryHasIt() throws {
        #expect(try models(offer("new"), used: "old", asked: ["old"], has: ["old"]) == ["old"])
        #expect(try models(offer("new"), used: "old", asked: ["old"], has: ["old", "new"]) == ["old", "new"])
    }

    @Test func whoHasGoneOverPublishesForThoseWhoHaveNot() throws {
        #expect(try models(offer("new"), used: "new", asked: ["new", "old"], has: ["old", "new"]) == ["new", "old"])
        // What it never had, it cannot publish under.
        #expect(try models(offer("new"), used: "new", asked: ["new", "other"], has: ["new"]) == ["new"])
    }

    @Test func underTheModelOfTheClusterAloneOnceAllUseIt() throws {
        let settled = offer("new", settled: true)
        #expect(try models(settled, used: "new", asked: ["new", "old"], has: ["old", "new"]) == ["new"])
        // Who comes back publishes under it before using it.
        #expect(try models(settled, used: "old", asked: ["old"], has: ["old", "new"]) == ["new"])
        #expect(throws: PublishedModels.Obstacle(wanted: "new", used: "old")) {
            try models(settled, used: "old", has: ["old"])
        }
    }

    @Test func aLibraryThatCannotBeAskedIsNoAnswer() {
        #expect(throws: Unreadable.self) {
            try PublishedModels(offer: offer("new"), used: "old", asked: []) { _ in throw Unreadable() }
        }
    }
}
