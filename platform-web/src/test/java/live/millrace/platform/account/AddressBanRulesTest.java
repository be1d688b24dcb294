// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import live.millrace.platform.TestPeople;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** Which addresses can be banned, and which are believed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AddressBanRulesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AddressBans bans;

    @Autowired
    private KnownAddresses addresses;

    private static RequestPostProcessor from(String address) {
        return request -> {
            request.setRemoteAddr(address);
            return request;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, private",
        "127.0.0.0/8, wide",
        "::1, private",
        "10.1.2.3, private",
        "192.168.0.0/16, private",
        "172.16.5.0/24, private",
        "100.64.1.1, private",
        "169.254.1.1, private",
        "fd00::1, private",
        "fe80::1, private",
        "::ffff:10.0.0.1, private",
        "0.0.0.0/0, wide",
        "8.0.0.0/8, wide",
        "2001::/16, wide",
        "203.0.113.9, own",
        "203.0.113.0/24, own",
        "example.org, malformed",
        "1.2.3, malformed",
        "1.2.3.4/33, malformed",
        "1.2.3.4/x, malformed",
        "' ', malformed",
    })
    void aBanThatWouldHitTheWrongPeopleIsRefused(String network, String why) {
        assertThat(bans.ban(network, "203.0.113.9", "test", null, Actor.SITE)).contains("admin.ban." + why);
    }

    /** A header is believed from a proxy on this machine alone; from anywhere else it is words. */
    @Test
    void aForgedForwardedAddressIsNotBelieved() throws Exception {
        AccountPrincipal bob = people.user();
        site.perform(post("/login")
                .with(csrf())
                .with(from("203.0.113.77"))
                .header("X-Forwarded-For", "198.51.100.200")
                .param("username", bob.getUsername())
                .param("password", PASSWORD));
        assertThat(addresses.of(bob.accountId()))
                .extracting(KnownAddresses.KnownAddress::address)
                .containsExactly("203.0.113.77");
    }
}
