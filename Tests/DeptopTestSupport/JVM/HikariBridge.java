import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * An application with a real HikariCP pool under load, whose beans can be reached by the Jolokia protocol.
 *
 * Arguments: database host, database port, number of connections, number of workers, pool name, port to listen on.
 * Answers {@code POST /jolokia/} and {@code GET /stats}.
 */
public final class HikariBridge {
  private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();
  private static final AtomicLong STATEMENTS = new AtomicLong();
  private static final AtomicLong FAILURES = new AtomicLong();
  private static final ConcurrentSkipListSet<Integer> BACKENDS = new ConcurrentSkipListSet<>();
  private static volatile String lastFailure = "";

  public static void main(String[] arguments) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/postgres?user=postgres");
    config.setMaximumPoolSize(Integer.parseInt(arguments[2]));
    config.setMinimumIdle(Integer.parseInt(arguments[2]));
    config.setPoolName(arguments[4]);
    config.setRegisterMbeans(true);
    config.setConnectionTimeout(5000);
    config.setMaxLifetime(600_000);
    HikariDataSource pool = new HikariDataSource(config);
    for (int worker = 0; worker < Integer.parseInt(arguments[3]); worker++) {
      Thread thread = new Thread(() -> work(pool));
      thread.setDaemon(true);
      thread.start();
    }
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[5]));
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/jolokia", HikariBridge::jolokia);
    server.createContext("/stats", HikariBridge::stats);
    server.start();
  }

  /** Runs short statements; now and then a transaction that holds its connection for longer. */
  private static void work(HikariDataSource pool) {
    for (long round = 0; ; round++) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        int first = backend(statement);
        statement.execute("SELECT pg_sleep(" + (round % 20 == 0 ? "0.1" : "0.002") + ")");
        if (backend(statement) != first) throw new IllegalStateException("a transaction changed its connection");
        connection.commit();
        BACKENDS.add(first);
        STATEMENTS.addAndGet(3);
      } catch (Exception failure) {
        FAILURES.incrementAndGet();
        lastFailure = String.valueOf(failure);
      }
    }
  }

  private static int backend(Statement statement) throws java.sql.SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Answers what was done since the last question. */
  private static void stats(HttpExchange exchange) throws IOException {
    TreeSet<Integer> backends = new TreeSet<>();
    for (Integer backend = BACKENDS.pollFirst(); backend != null; backend = BACKENDS.pollFirst()) backends.add(backend);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("statements", STATEMENTS.get());
    answer.put("failures", FAILURES.get());
    answer.put("lastFailure", lastFailure);
    answer.put("backends", new ArrayList<Object>(backends));
    send(exchange, 200, Json.write(answer));
  }

  private static void jolokia(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      send(exchange, 405, "{}");
      return;
    }
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Object body;
    try {
      body = Json.read(text);
    } catch (RuntimeException malformed) {
      send(exchange, 400, "{}");
      return;
    }
    if (body instanceof List<?> requests) {
      List<Object> answers = new ArrayList<>();
      for (Object request : requests) answers.add(answer((Map<?, ?>) request));
      send(exchange, 200, Json.write(answers));
    } else {
      send(exchange, 200, Json.write(answer((Map<?, ?>) body)));
    }
  }

  /** The envelope that the protocol has around each value, with the status of the bean inside. */
  private static Map<String, Object> answer(Map<?, ?> request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request", request);
    try {
      answer.put("value", value(request));
      answer.put("status", 200);
      answer.put("timestamp", System.currentTimeMillis() / 1000);
    } catch (InstanceNotFoundException | AttributeNotFoundException absent) {
      fail(answer, 404, absent);
    } catch (IllegalArgumentException | javax.management.MalformedObjectNameException malformed) {
      fail(answer, 400, malformed);
    } catch (Exception failure) {
      fail(answer, 500, failure);
    }
    return answer;
  }

  private static void fail(Map<String, Object> answer, int status, Exception failure) {
    answer.put("error_type", failure.getClass().getName());
    answer.put("error", failure.getClass().getName() + " : " + failure.getMessage());
    answer.put("status", status);
    answer.put("stacktrace", "");
  }

  private static Object value(Map<?, ?> request) throws JMException {
    String type = String.valueOf(request.get("type"));
    switch (type) {
      case "version":
        return Map.of("protocol", "7.2", "agent", "1.7.2", "info", Map.of("product", "HikariBridge"));
      case "search":
        List<Object> names = new ArrayList<>();
        for (ObjectName name : BEANS.queryNames(name(request), null)) names.add(name.getCanonicalName());
        return names;
      case "read":
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object attribute : (List<?>) request.get("attribute")) {
          values.put((String) attribute, BEANS.getAttribute(name(request), (String) attribute));
        }
        return values;
      case "exec":
        return BEANS.invoke(name(request), (String) request.get("operation"), new Object[0], new String[0]);
      default:
        throw new IllegalArgumentException("no such type of request: " + type);
    }
  }

  private static ObjectName name(Map<?, ?> request) throws javax.management.MalformedObjectNameException {
    return new ObjectName(String.valueOf(request.get("mbean")));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** As much of JSON as the protocol needs. */
  private static final class Json {
    private final String text;
    private int at;

    private Json(String text) {
      this.text = text;
    }

    static Object read(String text) {
      Json json = new Json(text);
      Object value = json.value();
      json.skip();
      if (json.at != text.length()) throw new IllegalArgumentException("more than one value");
      return value;
    }

    private void skip() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
    }

    private boolean take(char character) {
      skip();
      if (at >= text.length() || text.charAt(at) != character) return false;
      at++;
      return true;
    }

    private void expect(char character) {
      if (!take(character)) throw new IllegalArgumentException("no " + character + " at " + at);
    }

    private Object value() {
      skip();
      if (take('{')) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (take('}')) return map;
        do {
          expect('"');
          String key = string();
          expect(':');
          map.put(key, value());
        } while (take(','));
        expect('}');
        return map;
      }
      if (take('[')) {
        List<Object> list = new ArrayList<>();
        if (take(']')) return list;
        do list.add(value());
        while (take(','));
        expect(']');
        return list;
      }
      if (take('"')) return string();
      int start = at;
      while (at < text.length() && "+-.eE0123456789truefalsn".indexOf(text.charAt(at)) >= 0) at++;
      String word = text.substring(start, at);
      return switch (word) {
        case "null" -> null;
        case "true" -> true;
        case "false" -> false;
        default -> Double.valueOf(word);
      };
    }

    private String string() {
      StringBuilder result = new StringBuilder();
      while (text.charAt(at) != '"') {
        char character = text.charAt(at++);
        if (character != '\\') {
          result.append(character);
          continue;
        }
        char escaped = text.charAt(at++);
        switch (escaped) {
          case 'n' -> result.append('\n');
          case 't' -> result.append('\t');
          case 'r' -> result.append('\r');
          case 'u' -> {
            result.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
            at += 4;
          }
          default -> result.append(escaped);
        }
      }
      at++;
      return result.toString();
    }

    static String write(Object value) {
      if (value == null || value instanceof Number || value instanceof Boolean) return String.valueOf(value);
      if (value instanceof Map<?, ?> map) {
        List<String> pairs = new ArrayList<>();
        map.forEach((key, item) -> pairs.add(write(String.valueOf(key)) + ":" + write(item)));
        return "{" + String.join(",", pairs) + "}";
      }
      if (value instanceof List<?> list) {
        return "[" + String.join(",", list.stream().map(Json::write).toList()) + "]";
      }
      StringBuilder result = new StringBuilder("\"");
      for (char character : value.toString().toCharArray()) {
        if (character == '"' || character == '\\') result.append('\\').append(character);
        else if (character < 0x20) result.append(String.format("\\u%04x", (int) character));
        else result.append(character);
      }
      return result.append('"').toString();
    }
  }
}
