// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.ProofRemoval;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;

/** The last owner lost every device: whoever starts the site lets them in again, and it leaves a trace. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LostProofsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private AuthenticatorApps apps;

    @Autowired
    private ProofRemoval removal;

    @Autowired
    private Audit audit;

    private AccountPrincipal ownerWithApp() {
        AccountPrincipal owner = people.account(Role.OWNER);
        AuthenticatorApps.Offer offer = apps.offer(owner.accountId(), owner.getUsername());
        assertThat(apps.confirm(owner.accountId(), offer.sealed(), TestCodes.code(offer.key(), Instant.now())))
                .isPresent();
        return owner;
    }

    @Test
    void theStartTakesThemOffWhomItNames() {
        AccountPrincipal owner = ownerWithApp();
        AccountPrincipal other = ownerWithApp();
        new LostProofs(accounts, removal, "").forget();
        new LostProofs(accounts, removal, "nobody-at-all").forget();
        assertThat(apps.asked(owner.accountId())).isTrue();
        new LostProofs(accounts, removal, owner.getUsername()).forget();
        assertThat(apps.asked(owner.accountId())).isFalse();
        assertThat(apps.asked(other.accountId())).isTrue();
        assertThat(audit.find(
                        new Audit.Search(null, "user.proofs", owner.getUsername(), null, null), Long.MAX_VALUE, 5))
                .hasSize(1);
    }
}
