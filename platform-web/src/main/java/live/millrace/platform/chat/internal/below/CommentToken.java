// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.chat.internal.text.MessageParser;
import live.millrace.platform.chat.internal.text.Token;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a comment. Pages make text nodes of it and never HTML.
 *
 * @param t what it is: text, mention, link, time
 * @param v what stands there: the text, the name, the address
 * @param at of a time: seconds of the video
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommentToken(String t, String v, @Nullable Long at) {
    /** {@code 2:03} or {@code 1:02:03}, and no part of a longer number or of a score with a fraction. */
    private static final Pattern TIME = Pattern.compile(
            "(?<![\\p{L}\\p{N}:.,/-])(?:(\\d{1,3}):)?([0-5]?\\d):([0-5]\\d)(?![\\p{L}\\p{N}:/-]|[.,]\\d)");

    /**
     * From the text of a comment to its tokens; together they say the same. Linear in the length of the text.
     *
     * @param seconds how long the video is: what is later is no time of it
     * @param movedMillis how much later what it speaks of is now than when it was written: negative where the video lost its beginning since
     */
    static List<CommentToken> of(String text, long seconds, long movedMillis) {
        List<CommentToken> tokens = new ArrayList<>();
        for (Token token : MessageParser.parse(text, Map.of())) {
            if (token.t().equals("text")) {
                times(token.v(), seconds, movedMillis, tokens);
            } else {
                tokens.add(new CommentToken(token.t(), token.v(), null));
            }
        }
        return List.copyOf(tokens);
    }

    private static void times(String text, long seconds, long movedMillis, List<CommentToken> tokens) {
        Matcher matcher = TIME.matcher(text);
        int done = 0;
        while (matcher.find()) {
            long hours = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1));
            long said = (hours * 60 + Long.parseLong(matcher.group(2))) * 60 + Long.parseLong(matcher.group(3));
            long at = Math.floorDiv(said * 1_000 + movedMillis, 1_000L);
            if (at >= 0 && at < seconds) {
                if (matcher.start() > done) {
                    tokens.add(new CommentToken("text", text.substring(done, matcher.start()), null));
                }
                tokens.add(new CommentToken("time", matcher.group(), at));
                done = matcher.end();
            }
        }
        if (done < text.length()) {
            tokens.add(new CommentToken("text", text.substring(done), null));
        }
    }
}
