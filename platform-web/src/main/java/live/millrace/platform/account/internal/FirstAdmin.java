// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SetupLink;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The one-time token that makes the first admin. It lives in memory: each start without an admin makes a new one. */
@Component
class FirstAdmin implements SetupLink {
    private static final int TOKEN_BYTES = 20;

    private final Accounts accounts;
    private @Nullable String token;

    FirstAdmin(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public synchronized Optional<String> path() {
        if (accounts.anyAdmin()) {
            token = null;
            return Optional.empty();
        }
        if (token == null) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            token = HexFormat.of().formatHex(random);
        }
        return Optional.of("/setup/" + token);
    }

    @Override
    public synchronized boolean valid(String offered) {
        return token != null
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized Registration use(
            String offered, String username, String email, String password, LongConsumer together) {
        if (!valid(offered)) {
            throw new IllegalStateException("the set-up link was used");
        }
        Registration registration = accounts.register(username, email, password, Role.OWNER, together);
        if (registration instanceof Registration.Done) {
            token = null;
        }
        return registration;
    }
}
