// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.camera.internal.onvif.Discovery;

/** A network without a network: who answers what to the next question. */
public final class FakeDiscovery implements Discovery {
    /** Somebody's answer. */
    public record Answer(InetAddress sender, String said) {
        public static Answer of(String sender, String said) {
            return new Answer(InetAddress.ofLiteral(sender), said);
        }

        public byte[] content() {
            return said.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final Pattern ID = Pattern.compile("MessageID>uuid:([0-9a-f-]{36})<");

    private final AtomicInteger asked = new AtomicInteger();
    private volatile Function<String, List<Answer>> answers = _ -> List.of();

    /** @param next makes them of the number of the question */
    public void answers(Function<String, List<Answer>> next) {
        answers = next;
    }

    /** How often. */
    public int asked() {
        return asked.get();
    }

    @Override
    public void ask(byte[] question, Taker taker) {
        asked.incrementAndGet();
        Matcher id = ID.matcher(new String(question, StandardCharsets.UTF_8));
        if (!id.find()) {
            throw new AssertionError("a question without a number");
        }
        for (Answer answer : answers.apply(id.group(1))) {
            if (!taker.take(answer.sender(), answer.content())) {
                return;
            }
        }
    }
}
