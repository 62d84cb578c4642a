import CommandOutput
import Testing

@testable import timbrectl

/// How complaints of the argument parser are put.
struct UsageTests {
    @Test func theParsersComplaintIsOneLine() {
        let message =
            "Error: Unexpected argument 'x'\nUsage: timbrectl <subcommand>\n  See 'timbrectl --help' for more information."
        #expect(Failure(usage: message).line == "timbrectl: usage: Unexpected argument 'x'; see `timbrectl --help`")
    }

    @Test func ofManyAllowedValuesAllAreNamed() {
        let message = """
            Error: The value 'x' is invalid for '--format <format>'. Please provide one of the following:
              - table
              - m3u
            Help:  --format <format>  How the answer is printed.
            Usage: timbrectl similar
              See 'timbrectl similar --help' for more information.
            """
        #expect(
            Failure(usage: message).line
                == "timbrectl: usage: The value 'x' is invalid for '--format <format>'. Please provide one of the "
                + "following: table, m3u; see `timbrectl similar --help`")
    }
}
