import Testing

@testable import DeptopDiagnosis

struct WordsTests {
  @Test(
    arguments: [
      (.zero, "0 µs"), (.microseconds(250), "250 µs"), (.milliseconds(800), "800 ms"), (.milliseconds(1), "1 ms"),
      (.nanoseconds(999_600_000), "1 s"), (.milliseconds(4200), "4.2 s"), (.seconds(30), "30 s"),
      (.seconds(119), "119 s"),
      (.seconds(600), "10 min"), (.seconds(10_800), "3 h"),
    ] as [(Duration, String)])
  func `a duration has a unit that fits`(duration: Duration, words: String) {
    #expect(duration.words == words)
  }

  @Test(arguments: [
    (3.1, "3.1"), (3.0, "3"), (9.96, "10"), (46.4, "46"), (-2.5, "-2.5"), (1e300, "1e+300"), (.nan, "nan"),
  ])
  func `a number is short, and any number is told`(number: Double, words: String) {
    #expect(number.words == words)
  }

  @Test func `the bounds of a path stay in seconds`() {
    #expect(Duration.seconds(246).inSeconds == "246 s")
    #expect(Duration.inSeconds(.seconds(31), to: .seconds(44)) == "31 to 44 s")
    #expect(Duration.inSeconds(.seconds(31), to: .milliseconds(31_200)) == "31 s")
  }

  @Test func `ratios and counted nouns`() {
    #expect(0.43.percent == "43 %")
    #expect(0.045.percent == "4.5 %")
    #expect(1.of("caller") == "1 caller")
    #expect(14.of("caller") == "14 callers")
    #expect(1.areConnections(of: 1) == "1 of 1 connection is")
    #expect(2.areConnections(of: 4) == "2 of 4 connections are")
  }
}
