// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.shared.AddressRange;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** From where somebody comes, as roughly as its owner needs it: a family of browsers, a system, a network and never an address. */
@Component
class Whereabouts {
    /** The first that is named, in this order: each claims to be those after it as well. */
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("Edg", "Edge"),
            Map.entry("OPR", "Opera"),
            Map.entry("SamsungBrowser", "Samsung Internet"),
            Map.entry("Firefox", "Firefox"),
            Map.entry("FxiOS", "Firefox"),
            Map.entry("CriOS", "Chrome"),
            Map.entry("Chrome", "Chrome"),
            Map.entry("Safari", "Safari"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("Windows", "Windows"),
            Map.entry("Android", "Android"),
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Linux", "Linux"));

    private static final int PREFIX_V4 = 24;
    private static final int PREFIX_V6 = 48;

    private final MessageSource texts;

    Whereabouts(MessageSource texts) {
        this.texts = texts;
    }

    String of(HttpServletRequest request, Locale locale) {
        String agent = Optional.ofNullable(request.getHeader("User-Agent")).orElse("");
        String browser = named(BROWSERS, agent).orElseGet(() -> texts.getMessage("account.from.browser", null, locale));
        String device = named(SYSTEMS, agent)
                .map(system -> texts.getMessage("account.from.system", new Object[] {browser, system}, locale))
                .orElse(browser);
        return device + " · " + network(request.getRemoteAddr(), locale);
    }

    private String network(String address, Locale locale) {
        return RemoteAddress.nearby(address)
                ? texts.getMessage("account.from.nearby", null, locale)
                : AddressRange.parse(address)
                        .flatMap(single -> single.within(PREFIX_V4, PREFIX_V6))
                        .map(AddressRange::toString)
                        .orElseGet(() -> texts.getMessage("account.from.unknown", null, locale));
    }

    private static Optional<String> named(List<Map.Entry<String, String>> families, String agent) {
        return families.stream()
                .filter(family -> agent.contains(family.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
