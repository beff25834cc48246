// The conversation of a peer program with its test: requests on standard input, a line each, tab-separated words of which
// the first is the request's number; answers and events on standard output, a JSON object a line. Every request has its
// own thread, so that one that waits for the device holds up no other. The program ends with its standard input.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

final class Lines {
    /** What a program does with a request: the words after its number. */
    interface Handler {
        Object handle(String[] words) throws Exception;
    }

    private static final PrintStream OUT = System.out;

    private Lines() {
    }

    /** Reads requests until standard input ends. */
    static void serve(Handler handler) throws Exception {
        // what a library prints must not stand between the answers
        System.setOut(System.err);
        ExecutorService threads = Executors.newCachedThreadPool();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            threads.execute(() -> answer(words, handler));
        }
        System.exit(0);
    }

    private static void answer(String[] words, Handler handler) {
        Map<String, Object> answer = object("id", Integer.valueOf(words[0]));
        try {
            answer.put("result", handler.handle(Arrays.copyOfRange(words, 1, words.length)));
        } catch (Throwable problem) {
            answer.put("error", problem.getClass().getSimpleName() + ": " + problem.getMessage());
        }
        print(answer);
    }

    /** Tells of something that nobody asked for. */
    static void event(String name, Object... pairs) {
        Map<String, Object> event = object("event", name);
        event.putAll(object(pairs));
        print(event);
    }

    /** Names and values in turn. */
    static Map<String, Object> object(Object... pairs) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2)
            made.put((String) pairs[i], pairs[i + 1]);
        return made;
    }

    static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return bytes;
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes)
            text.append(String.format("%02x", one));
        return text.toString();
    }

    private static synchronized void print(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        OUT.write((text + "\n").getBytes(StandardCharsets.UTF_8), 0, (text + "\n").getBytes(StandardCharsets.UTF_8).length);
        OUT.flush();
    }

    private static void write(Object value, StringBuilder text) {
        if (value == null || value instanceof Number || value instanceof Boolean)
            text.append(value);
        else if (value instanceof Map) {
            String before = "{";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                text.append(before);
                write(entry.getKey().toString(), text);
                text.append(':');
                write(entry.getValue(), text);
                before = ",";
            }
            text.append(before.equals("{") ? "{}" : "}");
        } else if (value instanceof Collection) {
            String before = "[";
            for (Object one : (Collection<?>) value) {
                text.append(before);
                write(one, text);
                before = ",";
            }
            text.append(before.equals("[") ? "[]" : "]");
        } else {
            text.append('"');
            for (char c : value.toString().toCharArray())
                text.append(c == '"' || c == '\\' || c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            text.append('"');
        }
    }
}
