// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import live.millrace.platform.shared.Secrets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The cookie by which a browser is known: random letters and their signature. Over HTTPS its name binds it to this host and to HTTPS; over
 * plain HTTP, as in a house, no browser would take such a name.
 */
final class DeviceCookie {
    static final String SECURE_NAME = "__Host-device";
    static final String PLAIN_NAME = "device";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAX_LENGTH = 200;

    private DeviceCookie() {}

    /** What the browser's cookie holds, if this site signed it. */
    static Optional<String> read(HttpServletRequest request, byte[] key) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        String name = name(request);
        for (Cookie cookie : cookies) {
            String value = cookie.getValue();
            if (cookie.getName().equals(name) && value != null && value.length() <= MAX_LENGTH) {
                int dot = value.indexOf('.');
                if (dot > 0 && signed(value.substring(0, dot), value.substring(dot + 1), key)) {
                    return Optional.of(value.substring(0, dot));
                }
            }
        }
        return Optional.empty();
    }

    /** Gives the browser a new one; answers what it holds. */
    static String write(HttpServletRequest request, HttpServletResponse response, byte[] key, Duration kept) {
        String nonce = Secrets.make();
        ResponseCookie cookie = ResponseCookie.from(name(request), nonce + "." + signature(nonce, key))
                .path("/")
                .httpOnly(true)
                .secure(request.isSecure())
                .maxAge(kept)
                .sameSite("Lax")
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        return nonce;
    }

    private static String name(HttpServletRequest request) {
        return request.isSecure() ? SECURE_NAME : PLAIN_NAME;
    }

    private static boolean signed(String nonce, String signature, byte[] key) {
        return MessageDigest.isEqual(
                signature(nonce, key).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(String nonce, byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(("device " + nonce).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
