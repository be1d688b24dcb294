// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import live.millrace.platform.shared.MachineSizes;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class PostgresSettingsTest {
    private static final MachineSizes BOARD = new MachineSizes(1, 1L << 30);

    @Test
    void theMachineDecidesUnlessSomebodyDoes() {
        assertThat(PostgresSettings.sizes(new MockEnvironment(), BOARD))
                .isEqualTo(new PostgresSettings.Sizes(64L << 20, 50));
        MockEnvironment settings = new MockEnvironment()
                .withProperty("millrace.postgres.shared-buffers", "96MB")
                .withProperty("millrace.postgres.max-connections", "33");
        assertThat(PostgresSettings.sizes(settings, BOARD)).isEqualTo(new PostgresSettings.Sizes(96L << 20, 33));
    }

    @Test
    void whatMakesNoServerIsRefused() {
        for (String[] bad : new String[][] {
            {"shared-buffers", "1KB"}, {"shared-buffers", "65GB"}, {"max-connections", "0"}, {"max-connections", "5000"}
        }) {
            MockEnvironment settings = new MockEnvironment().withProperty("millrace.postgres." + bad[0], bad[1]);
            assertThatThrownBy(() -> PostgresSettings.sizes(settings, BOARD))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(bad[0]);
        }
    }
}
