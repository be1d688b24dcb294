// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Notes in a session what began it, for the person whose session it is: a browser and a system by their names, and a network. Of an address
 * no more than that is kept, and nobody is looked up by it.
 */
@Component
class SessionDevice {
    static final String BROWSER = "millrace.browser";
    static final String SYSTEM = "millrace.system";
    static final String NETWORK = "millrace.network";

    /** The network of this machine or this house. */
    static final String LOCAL = "local";

    /** What names a browser, the narrower before the wider: all claim to be their forebears. */
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("MicroMessenger/", "WeChat"),
            Map.entry("Edg", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("SamsungBrowser/", "Samsung Internet"),
            Map.entry("Vivaldi/", "Vivaldi"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("FxiOS/", "Firefox"),
            Map.entry("CriOS/", "Chrome"),
            Map.entry("Chromium/", "Chromium"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Android", "Android"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Windows", "Windows"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("Linux", "Linux"));

    /** Log-ins of every kind. */
    @EventListener
    void on(InteractiveAuthenticationSuccessEvent event) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            note(attributes.getRequest());
        }
    }

    static void note(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            String agent = request.getHeader("User-Agent");
            session.setAttribute(BROWSER, named(agent == null ? "" : agent, BROWSERS));
            session.setAttribute(SYSTEM, named(agent == null ? "" : agent, SYSTEMS));
            session.setAttribute(NETWORK, network(request.getRemoteAddr()));
        }
    }

    static String named(String agent, List<Map.Entry<String, String>> names) {
        return names.stream()
                .filter(name -> agent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    static String browser(String agent) {
        return named(agent, BROWSERS);
    }

    static String system(String agent) {
        return named(agent, SYSTEMS);
    }

    /** {@code 203.0.113.x}, {@code 2001:db8:7::}, or that it is near. */
    static String network(String address) {
        if (RemoteAddress.nearby(address)) {
            return LOCAL;
        }
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            byte[] bytes = parsed.getAddress();
            if (parsed instanceof Inet4Address) {
                return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + ".x";
            }
            return "%x:%x:%x::".formatted(group(bytes, 0), group(bytes, 1), group(bytes, 2));
        } catch (IllegalArgumentException noAddress) {
            return "";
        }
    }

    private static int group(byte[] bytes, int number) {
        return (bytes[2 * number] & 0xff) << 8 | (bytes[2 * number + 1] & 0xff);
    }
}
