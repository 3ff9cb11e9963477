-- Lays an archived run out again as it was.
--
-- KEYS  run      hash
--       ended    zset
--       tasks    hash
--       tries    hash
--       outputs  hash
--       history  list
--       notes    hash
--       remarks  hash
-- ARGV  runId
--       endedAt      ms: from when on it counts as ended, so that it is archived again
--       taskCount
--       tryCount
--       outputCount
--       noteCount
--       remarkCount
--       tasks, tries, outputs, notes, remarks, entries...
--                    each but the last so many times: field, value
--                    the rest: JSON for the history
-- returns 1 | 0 when it is not archived any more
local run, ended, tasks, tries, outputs, history, notes, remarks = unpack(KEYS)
local runId, endedAt, taskCount, tryCount, outputCount, noteCount, remarkCount = unpack(ARGV, 1, 7)

if redis.call('HEXISTS', run, 'archive') == 0 then return 0 end

local i = 8
local counts = {taskCount, tryCount, outputCount, noteCount, remarkCount}
for part, key in ipairs({tasks, tries, outputs, notes, remarks}) do
  for _ = 1, counts[part] do
    redis.call('HSET', key, ARGV[i], ARGV[i + 1])
    i = i + 2
  end
end
-- What was written since comes after what was archived.
local since = redis.call('LRANGE', history, 0, -1)
redis.call('DEL', history)
for entry = i, #ARGV do redis.call('RPUSH', history, ARGV[entry]) end
for _, entry in ipairs(since) do redis.call('RPUSH', history, entry) end
redis.call('HDEL', run, 'archive')
redis.call('ZADD', ended, endedAt, runId)
local ttl = redis.call('PTTL', run)
if ttl > 0 then
  for _, key in ipairs({tasks, tries, outputs, history, notes, remarks}) do redis.call('PEXPIRE', key, ttl) end
end
return 1
