// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Argon2id with the parameters that OWASP recommends, a few at a time: each hash takes 19 MiB for its while. */
@Configuration(proxyBeanMethods = false)
class PasswordConfiguration {
    static final int SALT_BYTES = 16;
    static final int HASH_BYTES = 32;
    static final int PARALLELISM = 1;
    static final int MEMORY_KIB = 19_456;
    static final int ITERATIONS = 2;

    /** More at once than this would let a flood of log-ins take the memory of the streams. */
    private static final int AT_ONCE = 4;

    @Bean
    PasswordEncoder passwordEncoder() {
        PasswordEncoder argon2 = new BoundedPasswordEncoder(
                new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, PARALLELISM, MEMORY_KIB, ITERATIONS), AT_ONCE);
        return new DelegatingPasswordEncoder("argon2id", Map.of("argon2id", argon2));
    }

    /** Lets only so many hashes be computed at a time; the others wait. */
    private static final class BoundedPasswordEncoder implements PasswordEncoder {
        private final PasswordEncoder encoder;
        private final java.util.concurrent.Semaphore places;

        BoundedPasswordEncoder(PasswordEncoder encoder, int places) {
            this.encoder = encoder;
            this.places = new java.util.concurrent.Semaphore(places, true);
        }

        @Override
        public @Nullable String encode(@Nullable CharSequence rawPassword) {
            places.acquireUninterruptibly();
            try {
                return encoder.encode(rawPassword);
            } finally {
                places.release();
            }
        }

        @Override
        public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
            places.acquireUninterruptibly();
            try {
                return encoder.matches(rawPassword, encodedPassword);
            } finally {
                places.release();
            }
        }
    }
}
