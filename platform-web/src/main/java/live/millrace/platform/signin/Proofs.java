// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.time.Instant;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;

/** What a session knows of how its person was proved: authorities that carry the moment. */
public final class Proofs {
    public static final String PASSWORD = FactorGrantedAuthority.PASSWORD_AUTHORITY;

    /** Another service vouched for them. */
    public static final String SERVICE = FactorGrantedAuthority.AUTHORIZATION_CODE_AUTHORITY;

    /** Alone as good as two: the device is had, and its lock was opened. */
    public static final String PASSKEY = FactorGrantedAuthority.WEBAUTHN_AUTHORITY;

    /** A code of an authenticator app. */
    public static final String APP = "FACTOR_TOTP";

    /** A recovery code. */
    public static final String RECOVERY = "FACTOR_RECOVERY";

    private static final List<String> SECOND = List.of(PASSKEY, APP, RECOVERY);

    private Proofs() {}

    public static GrantedAuthority of(String proof, Instant at) {
        return FactorGrantedAuthority.withAuthority(proof).issuedAt(at).build();
    }

    /** Whether more than a password was shown. */
    public static boolean strong(Authentication authentication) {
        return authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .anyMatch(SECOND::contains);
    }
}
