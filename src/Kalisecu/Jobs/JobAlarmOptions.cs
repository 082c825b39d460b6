using System.ComponentModel.DataAnnotations;
using Kalisecu.Outbox;

namespace Kalisecu.Jobs;

/// <summary>Whom alarms about jobs go to.</summary>
internal sealed class JobAlarmOptions
{
    /// <summary>E-mail addresses; none: the address of the data-protection officer.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> Recipients { get; set; } = [];

    public Language Language { get; set; } = Language.Fr;
}
