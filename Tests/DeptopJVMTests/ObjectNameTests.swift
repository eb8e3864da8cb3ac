import DeptopJVM
import Testing

@Suite struct ObjectNameTests {
  @Test(arguments: [
    ("com.zaxxer.hikari:type=Pool (main)", "main"),
    ("com.zaxxer.hikari:type=Pool,name=main", "main"),
    ("com.zaxxer.hikari:name=main,type=Pool", "main"),
    ("com.zaxxer.hikari:type=Pool (a (b) c)", "a (b) c"),
    ("com.zaxxer.hikari:type=Pool (/ ! \\ é 日本)", "/ ! \\ é 日本"),
    ("com.zaxxer.hikari:type=Pool,name=\"a,b=\\\"c\\\":\\\\\"", "a,b=\"c\":\\"),
  ])
  func `a pool is found by either form of its name`(text: String, pool: String) {
    let bean = HikariBean(text)
    #expect(bean?.kind == .pool && bean?.pool == pool && bean?.objectName == text)
  }

  @Test func `a configuration is no pool`() {
    #expect(HikariBean("com.zaxxer.hikari:type=PoolConfig (main)")?.kind == .configuration)
    #expect(HikariBean("com.zaxxer.hikari:name=main,type=PoolConfig")?.kind == .configuration)
  }

  @Test(arguments: [
    "", ":", "com.zaxxer.hikari:", "com.zaxxer.hikari:type", "com.zaxxer.hikari:type=Pool",
    "com.zaxxer.hikari:type=Pool ()",
    "com.zaxxer.hikari:=Pool (a)", "com.zaxxer.hikari:type=Pool (a),", "com.zaxxer.hikari:type=Pool (a=b)",
    "com.zaxxer.hikari:type=Pool (a", "com.zaxxer.hikari:type=\"Pool (a)",
    "com.zaxxer.hikari:type=Pool (a),type=Pool (b)",
    "java.lang:type=Pool (main)", "com.zaxxer.hikari:type=Other (main)", "com.zaxxer.hikari:type=\"a\\",
  ])
  func `what is no pool's name is left out`(text: String) {
    #expect(HikariBean(text) == nil)
  }

  @Test(arguments: [
    "com.zaxxer.hikari:type=Pool (*)", "com.zaxxer.hikari:type=Pool (a?)", "com.zaxxer.hikari:type=Pool,name=a,*",
    "com.zaxxer.*:type=Pool (a)", "com.zaxxer.hikari:type=Pool,name=\"a*\"",
  ])
  func `a name that stands for several beans is never used`(text: String) {
    #expect(ObjectName(text)?.isPattern == true)
    #expect(HikariBean(text) == nil)
  }
}
