// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import live.millrace.platform.security.GatedPasswords;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/** Passwords as the site keeps them, with a hash that costs next to nothing: tests sign up some thousand people. */
final class QuickPasswords implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof GatedPasswords passwords
                ? passwords.hashing(new Argon2PasswordEncoder(16, 32, 1, 64, 1))
                : bean;
    }
}
