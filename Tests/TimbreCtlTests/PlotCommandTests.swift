import ArgumentParser
import Testing

@testable import timbrectl

struct PlotCommandTests {
    @Test(
        "A terminal asks for two columns of a sound for each of its own, a file for one a pixel",
        arguments: [
            (["--width", "100"], 200), (["--width", "100", "--json"], 200), (["--width", "1000"], 2000),
            (["--width", "600", "-o", "a.svg"], 600), (["-o", "a.png"], 1000), (["b.wav", "-o", "a.svg"], 1600),
            (["--width", "3000", "-o", "a.svg"], 2000),
        ])
    func columns(arguments: [String], count: Int) throws {
        #expect(try PlotCommand.parse(["a.wav"] + arguments).askedColumns == count)
    }
}
