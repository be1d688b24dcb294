// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

/** What a password costs; the tests of the site hash theirs more quickly. */
class PasswordConfigurationTest {
    @Test
    void passwordsAreHashedAsStronglyAsRecommended() {
        PasswordEncoder passwords = new PasswordConfiguration().passwordEncoder();
        String hash = passwords.encode("three quiet herons");
        assertThat(hash).startsWith("{argon2id}$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.matches("three quiet herons", hash)).isTrue();
        assertThat(passwords.matches("three quiet heron", hash)).isFalse();
    }
}
