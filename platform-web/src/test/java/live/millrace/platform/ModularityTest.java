// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import org.junit.jupiter.api.Test;
import org.springframework.data.repository.Repository;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Controller;

/** The features' borders, as their package-infos declare them. */
class ModularityTest {
    private final JavaClasses site = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("live.millrace.platform");

    @Test
    void featuresUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(PlatformApplication.class).verify();
    }

    @Test
    void onlyTheEnginePackageSpeaksToTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("live.millrace.platform.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("live.millrace.media..")
                .check(site);
    }

    @Test
    void repositoriesEntitiesAndControllersAreNotPublic() {
        classes()
                .that()
                .areAssignableTo(Repository.class)
                .or()
                .areAnnotatedWith(Entity.class)
                .or()
                .areAnnotatedWith(Controller.class)
                .should()
                .notBePublic()
                .check(site);
    }
}
