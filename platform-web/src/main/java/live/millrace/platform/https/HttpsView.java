// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How HTTPS does.
 *
 * @param domain what the certificate is for, or shall be
 * @param meanwhile another domain, whose certificate is in force until there is one for this
 * @param fixed the domain is the setting's, and not the console's to change
 * @param directory who is asked for certificates, by its host
 * @param terms the directory's, as far as they are known
 * @param agreed somebody agreed to them, or there are none
 * @param mayTry whether a person may have it tried at once
 */
public record HttpsView(
        State state,
        @Nullable String domain,
        @Nullable String meanwhile,
        boolean fixed,
        String directory,
        @Nullable String terms,
        boolean agreed,
        @Nullable Held held,
        @Nullable Failure failure,
        boolean mayTry) {
    /** Where it stands. */
    public enum State {
        /** No port is for it. */
        OFF,
        /** The operator's own certificate is there. */
        BUNDLE,
        /** Nobody said what for. */
        NO_DOMAIN,
        /** A person has to agree. */
        TERMS,
        /** It is being worked at, or is about to be. */
        WORKING,
        IN_FORCE,
        /** It went wrong, and no certificate is in force for the domain. */
        FAILED
    }

    /**
     * A certificate.
     *
     * @param renewed when it is about to be
     * @param valid by this machine's clock: begun, and not ended
     */
    public record Held(
            String issuer, List<String> names, Instant since, Instant until, Instant renewed, boolean valid) {}

    /**
     * What went wrong last.
     *
     * @param port where the directory asked, where it did
     * @param seen the address that the directory asked
     * @param resolved what the name means on this machine
     * @param until when a limit ends, or what the directory's clock said
     * @param type and {@code detail}: the directory's own words, which are foreign
     */
    public record Failure(
            Trouble trouble,
            int port,
            @Nullable String seen,
            @Nullable String resolved,
            @Nullable Instant until,
            @Nullable String type,
            @Nullable String detail,
            Instant at,
            @Nullable Instant next) {}
}
