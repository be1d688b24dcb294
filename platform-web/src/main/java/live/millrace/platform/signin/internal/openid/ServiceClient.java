// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.client.RestTemplate;

/**
 * A service that answers, and who we are there.
 *
 * @param registration without the address to come back to, which the request says
 * @param tokens checks what it signs; knows its keys, and fetches them anew for one that it does not know
 */
record ServiceClient(ClientRegistration registration, JwtDecoder tokens, RestTemplate calls) {
    @Override
    public String toString() {
        return "ServiceClient[" + registration.getRegistrationId() + "]";
    }
}
