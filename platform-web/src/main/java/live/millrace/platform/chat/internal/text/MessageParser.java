// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the text of a message to its tokens. Linear in the length of the text. */
public final class MessageParser {
    /** What may begin a token; each alternative is bounded and shares no prefix with another. */
    private static final Pattern TOKEN = Pattern.compile("(?<link>https?://[!-~&&[^<>\"'`]]{1,500}+)"
            + "|(?<![A-Za-z0-9_-])@(?<mention>[A-Za-z0-9][A-Za-z0-9_-]{2,23})"
            + "|:(?<emote>[a-z0-9]{2,20}):");

    /** What a person would type into a browser, with or without a scheme. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?i)https?://|\\bwww\\.|\\b[a-z0-9-]{1,63}\\.(?:com|net|org|cn|io|tv|gg|ru|xyz|top|info|link|me|co|cc|club|shop|site|online|app|dev)\\b");

    private static final String TRAILING = ".,;:!?)]}。，！？）】》";

    private MessageParser() {}

    /** Whether a message leads somewhere else. */
    public static boolean holdsLink(String text) {
        return ADDRESS.matcher(text).find();
    }

    /** @param emotes addresses of pictures, by code */
    public static List<Token> parse(String text, Map<String, String> emotes) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int done = 0;
        while (matcher.find()) {
            int end = matcher.end();
            Token token = null;
            if (matcher.group("link") != null) {
                String address = trimmed(matcher.group("link"));
                end = matcher.start() + address.length();
                token = link(address)
                        .map(found -> new Token("link", found, null))
                        .orElse(null);
            } else if (matcher.group("mention") != null) {
                token = new Token("mention", matcher.group("mention"), null);
            } else if (emotes.containsKey(matcher.group("emote"))) {
                token = new Token("emote", matcher.group("emote"), emotes.get(matcher.group("emote")));
            }
            if (token != null) {
                if (matcher.start() > done) {
                    tokens.add(Token.text(text.substring(done, matcher.start())));
                }
                tokens.add(token);
                done = end;
            }
        }
        if (done < text.length()) {
            tokens.add(Token.text(text.substring(done)));
        }
        return List.copyOf(tokens);
    }

    private static String trimmed(String address) {
        int end = address.length();
        while (end > 0 && TRAILING.indexOf(address.charAt(end - 1)) >= 0) {
            end--;
        }
        return address.substring(0, end);
    }

    /** Empty unless it is plain http or https to a host in ASCII: one in other letters could be taken for another. */
    private static Optional<String> link(String address) {
        try {
            URI uri = new URI(address);
            return uri.getHost() != null && uri.getRawUserInfo() == null ? Optional.of(address) : Optional.empty();
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }
}
