package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.StartupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordIdKeyTest {
    @TempDir
    Path folder;

    @Test
    void aKeyIsMadeOnceAndKeptForTheOwnerOnly() throws Exception {
        Path file = folder.resolve("run/record-id.key");
        byte[] made = RecordIdKey.keptIn(file).bytes();
        assertThat(made).hasSize(16);
        assertThat(RecordIdKey.keptIn(file).bytes()).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyOfAnotherLengthIsDamagedAndStaysAsItIs() throws Exception {
        for (int length : new int[] {0, 15, 17, 31, 33}) {
            Path file = Files.write(folder.resolve("key" + length), new byte[length]);
            assertThatThrownBy(() -> RecordIdKey.keptIn(file))
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo("record_id_key_damaged"))
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("; restore it");
            assertThat(file).hasSize(length);
        }
    }

    @Test
    void aFlippedBitIsFound() throws Exception {
        Path file = folder.resolve("key");
        RecordIdKey.keptIn(file);
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> RecordIdKey.keptIn(file))
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo("record_id_key_damaged"));
        }
    }

    @Test
    void aKeyWithoutASumIsKeptAndGetsOne() throws Exception {
        byte[] key = new byte[16];
        key[3] = 7;
        Path file = Files.write(folder.resolve("key"), key);
        assertThat(RecordIdKey.keptIn(file).bytes()).isEqualTo(key);
        assertThat(file).hasSize(32);
        assertThat(RecordIdKey.keptIn(file).bytes()).isEqualTo(key);
    }

    @Test
    void aLinkToNowhereIsNotReplaced() throws Exception {
        Path file = Files.createSymbolicLink(folder.resolve("key"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> RecordIdKey.keptIn(file))
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo("file_missing"));
        assertThat(file).isSymbolicLink();
    }
}
