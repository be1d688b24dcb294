// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates;

import java.net.URI;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who says whether there is a newer Millrace, under {@code millrace.updates}.
 *
 * @param url an address of HTTPS or HTTP that answers in JSON; null: nobody is asked
 */
@ConfigurationProperties("millrace.updates")
public record UpdatesSettings(@Nullable String url) {
    private static final int MOST_ADDRESS = 500;
    private static final Set<String> SCHEMES = Set.of("https", "http");

    public UpdatesSettings {
        url = url == null || url.isBlank() ? null : url.strip();
        if (url != null && address(url).isEmpty()) {
            throw new StartupException(
                    "millrace.updates.url is no address that can be asked.",
                    "Write it like https://example.org/millrace.json, without a name or password; empty for none.");
        }
    }

    /** Who is asked; empty for nobody. */
    public Optional<URI> address() {
        return url == null ? Optional.empty() : address(url);
    }

    private static Optional<URI> address(String url) {
        try {
            URI address = URI.create(url);
            return address.getScheme() != null
                            && SCHEMES.contains(address.getScheme())
                            && address.getHost() != null
                            && address.getRawUserInfo() == null
                            && address.getRawFragment() == null
                            && url.length() <= MOST_ADDRESS
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** An address as logs and pages show it: what stands behind its question mark may be a secret. */
    public static String shown(URI address) {
        String path = address.getRawPath();
        return address.getScheme() + "://" + address.getRawAuthority() + (path == null ? "" : path);
    }

    /** What tells one address from another, and says nothing of it. */
    public static String mark(URI address) {
        return HexFormat.of().formatHex(Secrets.hash(address.toString()));
    }

    /** A secret may stand in it. */
    @Override
    public String toString() {
        return "UpdatesSettings[" + address().map(UpdatesSettings::shown).orElse("none") + "]";
    }
}
