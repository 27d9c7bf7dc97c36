// One contender for a Curator LeaderLatch: says on stdout when it became leader, in microseconds since 1970. On SIGTERM
// it closes its latch and its session first, as a graceful service does.
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.ExponentialBackoffRetry;

public final class LatchContender {
    private static void say(String what) {
        System.out.println(what + " " + ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        System.out.flush();
    }

    public static void main(String[] words) throws Exception {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(words[0])
                .sessionTimeoutMs(Integer.parseInt(words[1]))
                .connectionTimeoutMs(5000)
                .retryPolicy(new ExponentialBackoffRetry(100, 20))
                .build();
        client.start();
        LeaderLatch latch = new LeaderLatch(client, "/latch", words[2]);
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                say("leader");
            }

            @Override
            public void notLeader() {
                say("follower");
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                latch.close();
                client.close();
            } catch (Exception ignored) {
                // The session ends with the process.
            }
        }));
        latch.start();
        client.blockUntilConnected();
        say("joined");
        Thread.sleep(Long.MAX_VALUE);
    }
}
