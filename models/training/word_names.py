"""Names that are also words, and chat words that look like names when hastily typed."""

from __future__ import annotations

from typing import Final

HARD_FIRST: Final = """Grace Faith Hope Joy Dawn Ivy Lily Rose April May June August Summer Autumn Ruby
Pearl Amber Jade Daisy Heather Hazel Sky Star Angel Prince Major Will Bill Mark Pat Rob Drew Chase Art
Frank Grant Chance Jack Ray Dean Earl Guy Miles Rich Sue Penny Melody Harmony Destiny Patience Prudence
Mercy Constance Honor Iris Olive Violet Ginger Sage Robin Jay Wade Ford Lance Pierce Victor Norm Herb Gene
Christian Trinity Heaven Genesis Diamond Crystal Sunny Happy Bliss Precious Blessing Gift Lucky Love Royal
Justice Reed Rusty Sandy Stormy Tab Ward Wiley Bunny Buck Cliff Clay Dale Glen Heath Lane Page Paris London
Sydney Jordan Chelsea Austin Dallas Houston Georgia Virginia Carolina Florence India China Asia Israel
Jesus Angel Moses Cash Colt Gunner Hunter Archer Mason Carter Cooper Parker Piper Taylor Tyler Walker"""

HARD_LAST: Final = """Banks Brown Young Long Rice Stone Woods Cook Bush Field Marsh Wood Hill Price Bell
Carpenter Baker Bishop King Prince Page Church Waters Parks Rivers Winters Summers Day Knight Wise Love
Sharp Short Small Power Case Cross Bond Cash Major Story West North Chance Grant Frank Black White Green
Gray Grey Gold Silver Fox Wolf Lamb Swan Crane Bird Fish Pike Salmon Bass Drake Hawk Bear Bull Hart Ray
Moon Snow Frost Rain Storm Gale Flood Brook Lake Pond Pool Wells Bay Reef Ford Bridge Street Lane Gate Hall
House Castle Tower Post Pope Abbott Monk Dean Judge Law Justice Noble Duke Earl Barber Butcher Butler
Carter Farmer Fisher Gardener Hunter Mason Miller Painter Porter Potter Sadler Shepherd Singer Smith Tanner
Taylor Turner Walker Weaver Best Bright Brewer Burns Chase Close Coffee Dear Early Fair Fine Flowers Free
Good Goodman Head Hand Foot Hope Hunt Joy Keen Kind Lawless Light Little Lively Low Makepeace March May
Means Merry Moody Nice Old Orange Paine Peace Penny Plant Proud Quick Read Rich Roach Rose Rush Self Shore
Speed Spring Stark Still Strange Strong Sweet Swift True Walls Ward Weeks Winner Worth Wright Ali Do Long
My So Bin Man Sun Song Ho Ha An Le To Pan Ma"""

MUMBLED: Final = """hello;hi there;thanks;thank you;okay;ok;yes;yeah;no;please;sure;great;perfect;wait;
sorry;good morning;bye;hold on;one moment;fine;nope;yep;right;correct;exactly;medium;large;small;cheese;
mushrooms;onions;pepperoni;coke;pizza;salad;fries;delivery;pickup;cash;credit;debit;internet;router;
password;email;phone;flight;window seat;aisle;economy;refund;cancel;update;booking;policy;claim;sedan;
premium;basic;monthly;yearly;checking;savings;transfer;balance;statement;oh wow;awesome;nothing else;
that's all;how are you;welcome;have a nice day;you too;good bye;let me check;give me a second;of course;
alright;no problem;not yet;maybe later;i see;got it;understood;absolutely;certainly;definitely;hmm;oops;ugh;
lol;omg;pls;thx"""
