using Grpc.Core;
using Kalisecu.Findings;
using Kalisecu.Findings.V1;

namespace Kalisecu.Tests.Findings;

public sealed class PushAnswersTests
{
    [Fact]
    public async Task Answers_wait_for_an_agent_that_does_not_listen()
    {
        var answers = new PushAnswers();
        for (var i = 0u; i < 8; i++)
        {
            await answers.AddAsync(Needed(i), CancellationToken.None);
        }

        var one = answers.AddAsync(Needed(8), CancellationToken.None).AsTask();

        Assert.False(one.IsCompleted);
    }

    [Fact]
    public async Task Acknowledgements_never_wait_and_come_before_what_was_said_after_them()
    {
        var answers = new PushAnswers();
        var agent = new Listener();
        await answers.AddAsync(Needed(1), CancellationToken.None);
        for (var i = 1UL; i <= 1_000; i++)
        {
            answers.Acknowledge(i);
        }

        using var ending = new CancellationTokenSource();
#pragma warning disable CA2025 // It is awaited below, before `ending` goes.
        var sending = answers.SendAsync(agent, ending);
#pragma warning restore CA2025
        await answers.AddAsync(new PushScanResponse { Closed = new PushClosed() }, CancellationToken.None);
        answers.Complete();
        await sending;

        Assert.Equal(
            [
                PushScanResponse.MessageOneofCase.Acknowledged,
                PushScanResponse.MessageOneofCase.IdsNeeded,
                PushScanResponse.MessageOneofCase.Closed,
            ],
            agent.Heard.Select(a => a.MessageCase)
        );
        Assert.Equal(1_000UL, agent.Heard[0].Acknowledged.Sequence);
    }

    private static PushScanResponse Needed(uint sequence) =>
        new() { IdsNeeded = new IdsNeeded { Sequence = sequence } };

    private sealed class Listener : IServerStreamWriter<PushScanResponse>
    {
        public List<PushScanResponse> Heard { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(PushScanResponse message)
        {
            Heard.Add(message);
            return Task.CompletedTask;
        }

        public Task WriteAsync(PushScanResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
