-- A question of several words is answered by the index for each row of words; findings whose words fill several rows are
-- looked at one by one. They are few, and this tells which.
create index finding_words_in_parts on finding_words (finding_id) where part > 0;
