// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the site signs with what it hands to browsers: a key of its own for each purpose, made at first use and kept. */
@Component
class SiteKeys {
    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 32;

    private final JdbcClient database;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKeySpec> keys = new ConcurrentHashMap<>();

    SiteKeys(JdbcClient database) {
        this.database = database;
    }

    /** The signature of a text, in letters that stand in cookies. */
    String sign(String purpose, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key(purpose));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    private SecretKeySpec key(String purpose) {
        SecretKeySpec known = keys.get(purpose);
        if (known != null) {
            return known;
        }
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        database.sql("insert into security_key (purpose, value) values (?, ?) on conflict do nothing")
                .param(purpose)
                .param(fresh)
                .update();
        // Another may have been first.
        byte[] kept = database.sql("select value from security_key where purpose = ?")
                .param(purpose)
                .query(byte[].class)
                .single();
        SecretKeySpec key = new SecretKeySpec(kept, HMAC);
        keys.put(purpose, key);
        return key;
    }
}
