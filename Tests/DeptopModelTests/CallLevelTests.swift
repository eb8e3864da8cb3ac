import DeptopModel
import Testing

struct CallLevelTests {
  private func level(_ failed: UInt64, of ended: UInt64) -> Level {
    let fates: [Fate: UInt64] = [.success: ended - failed, .timeout: failed]
    return CallReading(window: .seconds(10), counts: CallTotals(fates: fates)).level
  }

  @Test func `callers that fail are a warning from one in ten on, and critical from half on`() {
    #expect(level(9, of: 100) == .ok && level(10, of: 100) == .warning)
    #expect(level(49, of: 100) == .warning && level(50, of: 100) == .critical)
  }

  @Test func `a few requests say nothing, nor do those whose end nobody tells`() {
    #expect(level(9, of: 9) == .ok && level(10, of: 10) == .critical)
    #expect(CallReading(window: .seconds(10), counts: CallTotals(requests: 100)).level == .ok)
  }
}
