package dev.throughline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryIdentityTest {
    @TempDir
    Path data;

    private Path store;

    @BeforeEach
    void startedOnce() {
        DirectoryIdentity.STORE.check(data);
        store = data.resolve("store");
    }

    private void isRefused(String code) {
        assertThatThrownBy(() -> DirectoryIdentity.STORE.check(data))
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(store.toString());
    }

    private Path away() throws IOException {
        return Files.move(store, data.resolve("away"));
    }

    @Test
    void theSameStoreIsTakenAgain() {
        assertThatCode(() -> DirectoryIdentity.STORE.check(data)).doesNotThrowAnyException();
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }

    @Test
    void aStoreThatIsGoneEndsTheStart() throws IOException {
        away();
        isRefused("store_missing");
        assertThat(store).doesNotExist();
    }

    @Test
    void anEmptyPlaceWhereItWasMountedEndsTheStart() throws IOException {
        away();
        Files.createDirectory(store);
        isRefused("store_missing");
        assertThat(store).isEmptyDirectory();
    }

    @Test
    void aFileOrALinkInItsPlaceEndsTheStart() throws IOException {
        away();
        Files.createFile(store);
        isRefused("store_missing");
        Files.delete(store);
        Files.createSymbolicLink(store, data.resolve("nowhere"));
        isRefused("store_missing");
        Files.delete(store);
        Files.createSymbolicLink(store, store);
        isRefused("store_missing");
    }

    @Test
    void anotherStoreEndsTheStart() throws IOException {
        Path other = data.resolve("other");
        DirectoryIdentity.STORE.check(other);
        away();
        Files.move(other.resolve("store"), store);
        isRefused("store_foreign");
    }

    @Test
    void aDamagedIdEndsTheStart() throws IOException {
        Files.write(store.resolve("id"), new byte[0]);
        isRefused("store_foreign");
    }

    @Test
    void whoGivesItUpStartsWithANewOne() throws IOException {
        away();
        Files.delete(data.resolve("run/store.id"));
        DirectoryIdentity.STORE.check(data);
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }

    @Test
    void aStoreWithoutAnIdIsAdopted() throws IOException {
        Files.delete(store.resolve("id"));
        Files.delete(data.resolve("run/store.id"));
        Files.createDirectory(store.resolve("operational.logs"));
        DirectoryIdentity.STORE.check(data);
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }

    @Test
    void theSpoolHasOneToo() throws IOException {
        DirectoryIdentity.SPOOL.check(data);
        Files.delete(data.resolve("spool/id"));
        assertThatThrownBy(() -> DirectoryIdentity.SPOOL.check(data))
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo("spool_missing"))
                .hasMessageContaining("run/spool.id");
    }
}
