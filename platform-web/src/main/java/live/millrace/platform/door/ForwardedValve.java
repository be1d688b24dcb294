// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import live.millrace.platform.shared.ForwardedHost;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Puts what proxies say into the words that Tomcat understands, before it looks: Traefik calls the scheme of a page's socket
 * {@code wss}, two proxies make a list, and some say it all in one field (RFC 7239). The host is taken from nobody: what is made of it
 * is the setting's, or the request's own.
 */
final class ForwardedValve extends ValveBase {
    private static final String FORWARDED = "Forwarded";
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";

    /** Nobody has so many proxies. */
    private static final int MOST_SAID = 2_000;

    private final Predicate<String> proxies;

    /** @param proxies the addresses of named proxies: others are not believed anyway */
    ForwardedValve(Predicate<String> proxies) {
        super(true);
        this.proxies = proxies;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
        String host = headers.getHeader(HOST);
        headers.removeHeader(HOST);
        if (proxies.test(String.valueOf(request.getRemoteAddr()))) {
            if (host != null && host.length() < MOST_SAID) {
                // For one comparison, and nothing that anybody sees.
                request.setAttribute(ForwardedHost.ATTRIBUTE, first(host));
            }
            String proto = headers.getHeader(PROTO);
            if (headers.getHeader(FOR) == null && proto == null) {
                translate(headers);
            } else if (proto != null && proto.length() < MOST_SAID) {
                headers.setValue(PROTO).setString(scheme(first(proto)));
            }
        }
        getNext().invoke(request, response);
    }

    /** Of several, what the outermost proxy said. */
    private static String first(String list) {
        int comma = list.indexOf(',');
        return (comma < 0 ? list : list.substring(0, comma)).strip();
    }

    private static String scheme(String said) {
        return switch (said.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> "https";
            default -> "http";
        };
    }

    private static void translate(MimeHeaders headers) {
        String said = headers.getHeader(FORWARDED);
        if (said == null || said.length() > MOST_SAID) {
            return;
        }
        List<String> clients = new ArrayList<>();
        String proto = null;
        for (String hop : said.split(",", -1)) {
            for (String pair : hop.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    continue;
                }
                String name = pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = unquoted(pair.substring(equals + 1).strip());
                if (name.equals("for")) {
                    address(value).ifPresent(clients::add);
                } else if (name.equals("proto") && proto == null) {
                    proto = value;
                }
            }
        }
        if (!clients.isEmpty()) {
            headers.setValue(FOR).setString(String.join(", ", clients));
        }
        if (proto != null) {
            headers.setValue(PROTO).setString(scheme(proto));
        }
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Without port and brackets; whoever hides says a word that is no address. */
    private static Optional<String> address(String node) {
        String literal = node;
        if (node.startsWith("[")) {
            int end = node.indexOf(']');
            literal = end < 0 ? "" : node.substring(1, end);
        } else if (node.indexOf(':') >= 0 && node.indexOf(':') == node.lastIndexOf(':')) {
            literal = node.substring(0, node.indexOf(':'));
        }
        return literal.matches("[0-9A-Fa-f:.]{2,45}") ? Optional.of(literal) : Optional.empty();
    }
}
